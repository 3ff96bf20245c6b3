// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.vblade4j.wire.AoeAddress;

/** The C program, serving an image in the caller's network namespace. */
public final class VbladeProcess implements AutoCloseable {
    private final Process process;

    private VbladeProcess(Process process) {
        this.process = process;
    }

    /**
     * Returns when it serves.
     *
     * @param image in a directory where its output may lie, too
     */
    public static VbladeProcess serve(AoeAddress address, String interfaceName, Path image)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(image.getParent(), "vblade", ".log");
        String shelf = String.valueOf(address.shelf());
        String slot = String.valueOf(address.slot());
        Process process =
                new ProcessBuilder(
                                "vblade", "-b", "64", shelf, slot, interfaceName, image.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        while (!Files.readString(log).contains("sectors O_RDWR")) {
            if (!process.isAlive()) {
                throw new IllegalStateException("vblade ended: " + Files.readString(log));
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return new VbladeProcess(process);
    }

    /** As if the machine had lost its power. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
