// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays the checked-in corpus of {@code src/test/fuzz} without a fuzzer: the seeds, what fuzzing
 * has added to them, and every input that once failed. New ones are found by {@code
 * src/test/fuzz/run}.
 */
class FuzzCorpusTest {
    private static final Path FUZZ =
            Path.of(System.getProperty("vblade4j.basedir", "."), "src/test/fuzz");

    /** One fuzz target with all its inputs. */
    record Row(String name, String className, List<Path> inputs) {
        @Override
        public String toString() {
            return name + ", " + inputs.size() + " inputs";
        }
    }

    static List<Row> targets() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(FUZZ.resolve("targets"))) {
            if (!line.startsWith("#")) {
                String[] words = line.split(" +");
                rows.add(new Row(words[0], words[1], inputs(words[0])));
            }
        }
        return rows;
    }

    private static List<Path> inputs(String name) throws IOException {
        try (Stream<Path> files = Files.list(FUZZ.resolve("corpus").resolve(name))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyInputIsSurvived(Row row) throws Exception {
        assertFalse(row.inputs.isEmpty(), "a target without a seed");
        var target = Class.forName(row.className).getMethod("fuzzerTestOneInput", byte[].class);
        for (Path input : row.inputs) {
            try {
                target.invoke(null, (Object) Files.readAllBytes(input));
            } catch (InvocationTargetException e) {
                throw new AssertionError(input + ": " + e.getCause(), e.getCause());
            }
        }
    }

    @Test
    void everyDirectoryOfTheCorpusHasItsTarget() throws IOException {
        try (Stream<Path> directories = Files.list(FUZZ.resolve("corpus"))) {
            assertEquals(
                    targets().stream().map(Row::name).collect(Collectors.toSet()),
                    directories
                            .map(path -> path.getFileName().toString())
                            .collect(Collectors.toSet()));
        }
    }
}
