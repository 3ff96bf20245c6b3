// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Sources conf.d files with real shells. One shell process reads many files: every file's variables
 * are unset, then the file is sourced, then they are printed. A missing shell fails the test.
 */
final class Shells {
    /** Every shell that a Linux distribution may have as sh. */
    static final Map<String, List<String>> ALL =
            Map.of(
                    "dash", List.of("dash"),
                    "bash", List.of("bash"),
                    "bash --posix", List.of("bash", "--posix"),
                    "busybox sh", List.of("busybox", "sh"));

    private Shells() {}

    /**
     * Sources files with one shell, each on its own.
     *
     * @param names the variables to print; those not set are left out of the answer
     * @return for each file what its variables hold
     */
    static List<Map<String, String>> source(
            Path directory, String shell, List<String> files, List<String> names)
            throws IOException, InterruptedException {
        StringBuilder script = new StringBuilder();
        for (int i = 0; i < files.size(); i++) {
            Files.writeString(directory.resolve("f" + i), files.get(i));
            script.append("unset ").append(String.join(" ", names)).append('\n');
            script.append(". ./f").append(i).append('\n').append("printf 'file\\000'\n");
            for (String name : names) {
                String value = "${" + name + "}";
                script.append("[ -z \"${").append(name).append("+set}\" ] || printf '");
                script.append(name).append("\\000%s\\000' \"").append(value).append("\"\n");
            }
        }
        script.append("printf 'end\\000'\n");
        Path main = Files.writeString(directory.resolve("main"), script);
        Path out = directory.resolve("out");
        Path errors = directory.resolve("errors");
        List<String> command = new ArrayList<>(List.of("env", "-i", which(ALL.get(shell).get(0))));
        command.addAll(ALL.get(shell).subList(1, ALL.get(shell).size()));
        command.add(main.toString());
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(errors.toFile())
                        .start();
        process.getOutputStream().close();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(shell + " did not end");
        }
        String said = Files.readString(errors, StandardCharsets.ISO_8859_1);
        if (process.exitValue() != 0 || !said.isEmpty()) {
            throw new AssertionError(shell + ": exit " + process.exitValue() + ", " + said);
        }
        return answers(Files.readString(out).split("\0", -1));
    }

    private static List<Map<String, String>> answers(String[] words) {
        List<Map<String, String>> answers = new ArrayList<>();
        int at = 0;
        while (!words[at].equals("end")) {
            if (words[at].equals("file")) {
                answers.add(new TreeMap<>());
                at++;
            } else {
                answers.get(answers.size() - 1).put(words[at], words[at + 1]);
                at += 2;
            }
        }
        return answers;
    }

    /** The program's place, because the shells get an empty environment. */
    private static String which(String program) {
        for (String directory : System.getenv("PATH").split(":")) {
            Path file = Path.of(directory, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        throw new AssertionError(program + " is not installed, and this test compares with it");
    }
}
