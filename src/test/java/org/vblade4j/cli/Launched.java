// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the launchers of this checkout, on the calling thread's network. */
final class Launched implements AutoCloseable {
    private static final Path BIN = Path.of(System.getProperty("vblade4j.basedir"), "bin");
    private static final long PATIENCE_S = 60;

    private final Path directory;
    private final List<Process> running = new ArrayList<>();

    /**
     * @param directory scratch space; a program in its {@code tools} goes before the system's
     */
    Launched(Path directory) throws IOException {
        this.directory = directory;
        Files.createDirectories(directory.resolve("tools"));
    }

    /** A program in the foreground, with the files it writes to. */
    record Running(Process process, Path out, Path err) {
        void awaitOut(String text) throws IOException, InterruptedException {
            long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
            while (!Files.readString(out).contains(text)) {
                if (System.nanoTime() > deadlineNs || !process.isAlive()) {
                    throw new AssertionError(
                            "no \""
                                    + text
                                    + "\"; stdout: "
                                    + Files.readString(out)
                                    + " stderr: "
                                    + Files.readString(err));
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }

        void signal(String name) throws IOException, InterruptedException {
            String pid = Long.toString(process.pid());
            new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
        }

        int awaitEnd() throws IOException, InterruptedException {
            if (!process.waitFor(PATIENCE_S, TimeUnit.SECONDS)) {
                throw new AssertionError("does not end; stderr: " + Files.readString(err));
            }
            return process.exitValue();
        }
    }

    /** A program that is found before the system's own. */
    void tool(String name, String body) throws IOException {
        LauncherFixture.write(directory.resolve("tools/" + name), "#!/bin/sh\n" + body + "\n");
    }

    /** Under nohup or in a script's background some signals are ignored, and Java would obey. */
    Running start(String program, String... arguments) throws IOException {
        return start(BIN.resolve(program), program, arguments);
    }

    private Running start(Path executable, String program, String... arguments) throws IOException {
        Path out = Files.createTempFile(directory, program, ".out");
        Path err = Files.createTempFile(directory, program, ".err");
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP,INT"));
        command.add(executable.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(directory.toFile());
        builder.environment().merge("PATH", directory + "/tools:", (path, tools) -> tools + path);
        builder.environment().put("TMPDIR", directory.toString());
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        running.add(process);
        return new Running(process, out, err);
    }

    /** Runs a program by another, such as setpriv with its options. */
    Cli.Result runUnder(String[] runner, String program, String... arguments)
            throws IOException, InterruptedException {
        String line = "exec " + String.join(" ", runner) + " " + BIN.resolve(program) + " \"$@\"";
        return result(start(script(program, List.of(line)), program, arguments));
    }

    /** Starts a program from a shell that does something before. */
    Running startAfter(List<String> lines, String program, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(lines);
        all.add("exec " + BIN.resolve(program) + " \"$@\"");
        return start(script(program, all), program, arguments);
    }

    private Path script(String program, List<String> lines) throws IOException {
        Path script = Files.createTempFile(directory, program, ".sh");
        LauncherFixture.write(script, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
        return script;
    }

    private static Cli.Result result(Running started) throws IOException, InterruptedException {
        int status = started.awaitEnd();
        return new Cli.Result(
                status, Files.readString(started.out()), Files.readString(started.err()));
    }

    Cli.Result run(String program, String... arguments) throws IOException, InterruptedException {
        Running started = start(program, arguments);
        int status = started.awaitEnd();
        return new Cli.Result(
                status, Files.readString(started.out()), Files.readString(started.err()));
    }

    @Override
    public void close() {
        running.forEach(Process::destroyForcibly);
    }
}
