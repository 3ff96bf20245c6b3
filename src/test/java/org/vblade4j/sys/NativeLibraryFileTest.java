// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JNA's library, where there is no directory but one that all may write to. */
@Timeout(60)
class NativeLibraryFileTest {
    @TempDir Path shared;

    /** Loads the library and shows where it came from. */
    static final class Loads {
        private Loads() {}

        public static void main(String[] arguments) throws Exception {
            Libc.errno();
            PrintStream out =
                    new PrintStream(
                            new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
            Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains(arguments[0]) && line.contains(" r-xp "))
                    .forEach(out::println);
        }
    }

    @Test
    void itIsGoneOnceItIsLoadedAndItsNameWasNotToBeForeseen() throws Exception {
        List<String> first = loaded();
        List<String> second = loaded();
        assertEquals(1, first.size(), first.toString());
        assertTrue(first.get(0).endsWith(" (deleted)"), first.toString());
        assertTrue(!name(first).equals(name(second)), name(first));
        try (var left = Files.list(shared)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static String name(List<String> maps) {
        return maps.get(0).substring(maps.get(0).lastIndexOf('/'));
    }

    private List<String> loaded() throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + shared,
                        "-Duser.home=/proc/nowhere",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Loads.class.getName(),
                        shared.toString());
        builder.environment().put("XDG_CACHE_HOME", "/proc/nowhere");
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        List<String> said = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), said.toString());
        return said;
    }
}
