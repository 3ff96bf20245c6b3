// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.List;
import java.util.OptionalInt;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;

/** Where every launcher enters: the first argument is the program's name, the rest are its own. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        List<String> words = List.of(arguments);
        int status = run(words, Console.standard());
        boolean called = words.size() > 1 && words.get(0).equals("vblade4j");
        if (called && LeanCall.takes(words.subList(1, words.size()))) {
            // Since Java 21 exit() first finds a logger to tell, for as long as a whole call takes.
            Runtime.getRuntime().halt(status);
        }
        System.exit(status);
    }

    /** Returns the exit status. */
    static int run(List<String> arguments, Console console) {
        String program = arguments.isEmpty() ? "" : arguments.get(0);
        List<String> words =
                arguments.isEmpty() ? arguments : arguments.subList(1, arguments.size());
        int status;
        switch (program) {
            case "vblade4j" -> status = vblade4j(words, console);
            case "aoe" -> status = Programs.aoe(console).execute(words.toArray(new String[0]));
            case "vblade", "vbladed" -> status = new VbladeProgram(program, console).run(words);
            default -> status = unknown(arguments, console);
        }
        console.out().flush();
        console.err().flush();
        return status;
    }

    private static int vblade4j(List<String> words, Console console) {
        OptionalInt status = LeanSupervise.run(words, console);
        if (status.isEmpty()) {
            status = LeanCall.run(words, console);
        }
        return status.isPresent()
                ? status.getAsInt()
                : Programs.vblade4j(console).execute(words.toArray(new String[0]));
    }

    private static int unknown(List<String> arguments, Console console) {
        console.complain(
                "vblade4j", "expected vblade4j, vblade or aoe as the first argument: " + arguments);
        return ExitStatus.USAGE.code();
    }
}
