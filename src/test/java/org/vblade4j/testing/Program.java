// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of our programs as a process of its own, in the network namespace of who starts it. */
public final class Program implements AutoCloseable {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    private final Process process;

    private Program(Process process) {
        this.process = process;
    }

    /**
     * With the memory that the launcher gives a foreground export.
     *
     * @param log where stderr goes; a pipe that nobody reads takes 64 KiB
     */
    public static Program start(ProcessBuilder.Redirect log, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.vblade4j.cli.Main");
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(log);
        return new Program(builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start());
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public long pid() {
        return process.pid();
    }

    /** Sends TERM; the exit status. */
    public int end() throws InterruptedException {
        process.destroy();
        return await();
    }

    /** Waits for its end; the exit status. */
    public int await() throws InterruptedException {
        if (!process.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS)) {
            throw new AssertionError("does not end");
        }
        return process.exitValue();
    }

    public long residentBytes() throws IOException {
        return figure("VmRSS:") * 1024;
    }

    public int threads() throws IOException {
        return (int) figure("Threads:");
    }

    private long figure(String name) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/status"))) {
            if (line.startsWith(name)) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        throw new IOException("no " + name + " in /proc/" + process.pid() + "/status");
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
