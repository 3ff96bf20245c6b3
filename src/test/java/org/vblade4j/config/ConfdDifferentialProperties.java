// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

/**
 * The parser against real shells, on generated files: whatever it accepts, every shell accepts with
 * the same values. Many files go to one shell process; the report names the one that differs.
 */
final class ConfdDifferentialProperties {
    private static final int FILES_A_TRY = 250;

    @Property(tries = 8, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void acceptedFilesMeanTheSameToEveryShell(@ForAll("grammatical") List<String> files)
            throws Exception {
        assertTrue(compare(files) >= FILES_A_TRY * 6 / 10, "too few files are accepted");
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE)
    void acceptedNonsenseMeansTheSameToEveryShell(@ForAll("nonsense") List<String> files)
            throws Exception {
        assertTrue(compare(files) >= FILES_A_TRY / 20, "too few files are accepted");
    }

    @Provide
    Arbitrary<List<String>> grammatical() {
        return ConfdFiles.grammar().list().ofSize(FILES_A_TRY);
    }

    @Provide
    Arbitrary<List<String>> nonsense() {
        return ConfdFiles.soup().list().ofSize(FILES_A_TRY);
    }

    /** Answers how many files were accepted, and thus compared. */
    private static int compare(List<String> files) throws IOException, InterruptedException {
        List<String> accepted = new ArrayList<>();
        Set<String> names = new TreeSet<>(ConfdFiles.NAMES);
        for (String file : files) {
            ConfdFile parsed = ConfdParser.parse("file", file);
            if (parsed.problems().isEmpty()) {
                accepted.add(file);
                parsed.assignments().forEach(assignment -> names.add(assignment.name()));
            }
        }
        for (String shell : Shells.ALL.keySet()) {
            Path directory = Files.createTempDirectory("confd");
            try {
                List<Map<String, String>> answers =
                        Shells.source(directory, shell, accepted, List.copyOf(names));
                assertEquals(accepted.size(), answers.size(), shell);
                for (int i = 0; i < accepted.size(); i++) {
                    String file = accepted.get(i);
                    assertEquals(
                            answers.get(i),
                            ConfdDifferentialTest.parsed(file),
                            () -> shell + " on <" + file + ">");
                }
            } finally {
                delete(directory);
            }
        }
        return accepted.size();
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
