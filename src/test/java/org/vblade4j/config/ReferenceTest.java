// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** Where nothing is set, what the records say and what the reference says is the same. */
class ReferenceTest {
    private static Settings read(String text) throws IOException {
        Path file = Files.createTempFile("settings", ".conf");
        try {
            Files.writeString(file, text);
            List<Problem> problems = new ArrayList<>();
            Settings settings = new SettingsReader(file, problems::add).read(text);
            assertEquals(List.of(), problems);
            return settings;
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void theDefaultsAreThoseOfTheReference() throws Exception {
        try (InputStream in = Reference.class.getResourceAsStream("/reference.conf")) {
            String reference = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(Settings.DEFAULTS, read(reference));
        }
    }

    @Test
    void aFileWithAValueIsNotAllComment() {
        assertFalse(ConfigReading.isAllComment("# a comment\n{}"));
        assertFalse(ConfigReading.isAllComment("# a comment\n  // another"));
        assertTrue(ConfigReading.isAllComment("# a comment\n  # another = #\n\n "));
        assertTrue(ConfigReading.isAllComment(""));
    }

    /** What is not given to the parser would have come out of it as nothing. */
    @Property
    void aFileThatIsAllCommentSaysNothing(
            @ForAll
                    @StringLength(max = 12)
                    @Chars({'#', ' ', '\n', '"', '{', '=', '\\', '\r', '\ufeff'})
                    @CharRange(from = 'a', to = 'b')
                    String text)
            throws Exception {
        String comment = text.replaceAll("(?m)^ *(?=[^# \n])", "# ");
        for (String candidate : List.of(text, comment)) {
            if (ConfigReading.isAllComment(candidate)) {
                assertEquals(Settings.DEFAULTS, read(candidate));
            }
        }
    }
}
