// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser against real shells, on hand-written files. */
final class ConfdDifferentialTest {
    private static final List<String> NAMES =
            List.of("a", "b", "c", "v", "config_x", "config_y", "rc_need");

    @ParameterizedTest
    @ValueSource(strings = {"dash", "bash", "bash --posix", "busybox sh"})
    void everyFileOfTheCorpusMeansTheSameToTheShell(String shell, @TempDir Path directory)
            throws Exception {
        List<Map<String, String>> answers =
                Shells.source(directory, shell, ConfdCorpus.FILES, NAMES);
        assertEquals(ConfdCorpus.FILES.size(), answers.size());
        for (int i = 0; i < answers.size(); i++) {
            String file = ConfdCorpus.FILES.get(i);
            assertEquals(answers.get(i), parsed(file), shell + " on file " + i + ":\n" + file);
        }
    }

    static Map<String, String> parsed(String file) {
        ConfdFile parsed = ConfdParser.parse("file", file);
        assertEquals(List.of(), parsed.problems(), file);
        Map<String, String> values = new TreeMap<>();
        parsed.assignments().forEach(a -> values.put(a.name(), a.value()));
        return values;
    }
}
