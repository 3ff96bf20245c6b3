// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.cli.common.Console;

/** The short way to a supervisor; what it serves then is shown by the service tests. */
class LeanSuperviseTest {
    @TempDir Path directory;
    private final StringWriter err = new StringWriter();
    private final Console console =
            new Console(new PrintWriter(new StringWriter()), new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ping",
                "supervise --help",
                "supervise --no-autostart x",
                "supervise --socket",
                "supervise --socket --no-autostart",
                "supervise --socket=/x",
                "supervise --confd /x",
                "supervise --data-dir /x",
                "--socket /x supervise"
            })
    void everythingElseIsLeftToTheParser(String words) {
        assertFalse(LeanSupervise.run(List.of(words.split(" ")), console).isPresent());
    }

    /** What keeps it from starting is said as the parser's way says it. */
    @Test
    void failsAsTheParsersWayDoes() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        List<String> words =
                List.of("supervise", "--no-autostart", "--state-dir", file.resolve("d").toString());

        OptionalInt lean = LeanSupervise.run(words, console);
        StringWriter parsersErr = new StringWriter();
        Console parsers =
                new Console(new PrintWriter(new StringWriter()), new PrintWriter(parsersErr));
        int status = Programs.vblade4j(parsers).execute(words.toArray(new String[0]));

        assertEquals(OptionalInt.of(status), lean);
        assertEquals(parsersErr.toString(), err.toString());
        assertTrue(err.toString().startsWith("vblade4j: "), err.toString());
    }
}
