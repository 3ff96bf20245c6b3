// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The C program, as a child process in the caller's network namespace. */
final class OriginalVblade extends Contender {
    private static final Path PROGRAM = Path.of("/usr/sbin/vblade");

    private final String interfaceName;
    private Process process;

    OriginalVblade(String interfaceName, String peerInterface) throws IOException {
        super("vblade", peerInterface);
        this.interfaceName = interfaceName;
    }

    @Override
    void start(Export export) throws IOException {
        List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
        command.addAll(List.of("-b", String.valueOf(export.bufferCount())));
        if (export.readOnly()) {
            command.add("-r");
        }
        command.addAll(List.of(String.valueOf(Request.SHELF), String.valueOf(Request.SLOT)));
        command.addAll(List.of(interfaceName, export.image().toString()));
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
    }

    /** It serves one frame at a time, in order. */
    @Override
    boolean settled() {
        return true;
    }

    /** The status it ends with by itself within ten seconds; -1 when it goes on. */
    int statusOfDeath() throws InterruptedException {
        return process.waitFor(10, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    @Override
    void stop() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }
}
