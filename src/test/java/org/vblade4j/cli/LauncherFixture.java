// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A checkout with the real launcher and a Java that is a shell script. The launcher's well-known
 * Java homes are moved below the fixture, so that nothing depends on the machine.
 */
final class LauncherFixture {
    /** What the fake Java does unless a test says otherwise: it shows its arguments. */
    static final String SHOW = "for word; do printf '<%s>\\n' \"$word\"; done";

    private static final Path BASE = Path.of(System.getProperty("vblade4j.basedir"));

    final Path root;
    final Path checkout;
    private final List<String> shell;

    LauncherFixture(String shell, Path root) throws IOException {
        this.shell = List.of(shell.split(" "));
        this.root = root;
        checkout = root.resolve("a check out");
        Files.createDirectories(checkout.resolve("bin"));
        Files.createDirectories(root.resolve("tools"));
        String script = Files.readString(BASE.resolve("bin/vblade4j"));
        for (String place : List.of("/etc/java-config-2", "/usr/lib/jvm", "/usr/share")) {
            script = script.replace(" " + place, " " + root + place);
        }
        script = script.replace("=/var/cache/vblade4j-classes", "=" + archives());
        // By its path, because busybox prefers its own logger to one in PATH.
        script = script.replace(" logger -t", " " + root + "/tools/logger -t");
        write(checkout.resolve("bin/vblade4j"), script);
        for (String name : List.of("vblade", "vbladed", "aoe")) {
            Files.createSymbolicLink(bin(name), Path.of("vblade4j"));
        }
        write(checkout.resolve("pom.xml"), "");
    }

    Path bin(String name) {
        return checkout.resolve("bin").resolve(name);
    }

    /** Where archives of classes lie. */
    Path archives() {
        return root.resolve("archives");
    }

    void build() throws IOException {
        write(checkout.resolve("target/vblade4j.jar"), "");
        Files.createDirectories(checkout.resolve("target/lib"));
    }

    /** Makes a Java home below the fixture. */
    Path java(String home, String version, String body) throws IOException {
        Path directory = root.resolve(home);
        write(directory.resolve("bin/java"), "#!/bin/sh\n" + body + "\n");
        if (!version.isEmpty()) {
            String release = "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\nOS_ARCH=\"y\"\n";
            write(directory.resolve("release"), release);
        }
        return directory;
    }

    /** A program found before the system's own. */
    void tool(String name, String body) throws IOException {
        write(root.resolve("tools").resolve(name), "#!/bin/sh\n" + body + "\n");
    }

    Outcome run(Path program, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(root, "out", "");
        Path err = Files.createTempFile(root, "err", "");
        Process process = start(program, environment, out, err, arguments);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(program + " did not end; stderr: " + Files.readString(err));
        }
        return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    Process start(
            Path program, Map<String, String> environment, Path out, Path err, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.add(program.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", root.resolve("tools") + ":/usr/bin:/bin");
        builder.environment().put("TMPDIR", root.toString());
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return builder.start();
    }

    static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, text.getBytes(StandardCharsets.UTF_8));
        file.toFile().setExecutable(true);
    }

    record Outcome(int status, String out, String err) {}
}
