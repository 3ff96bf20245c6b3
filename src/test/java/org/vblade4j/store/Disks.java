// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Files and loop devices to test stores on, below target/ and so on a real file system. */
public final class Disks {
    private Disks() {}

    /** A fresh directory; the build's clean removes it. */
    public static Path directory() throws IOException {
        Path parent = Path.of(System.getProperty("vblade4j.basedir", "."), "target", "disks");
        return Files.createTempDirectory(Files.createDirectories(parent), "d").toAbsolutePath();
    }

    /** A sparse file of that many bytes. */
    public static Path image(Path directory, long bytes) throws IOException {
        Path image = Files.createTempFile(directory, "disk", ".img");
        resize(image, bytes);
        return image;
    }

    public static void resize(Path image, long bytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
    }

    /** Runs a command that must succeed and returns what it printed. */
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
        return text;
    }
}
