// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.vblade4j.control.Answer;
import org.vblade4j.control.ControlClient;
import org.vblade4j.control.Request;
import org.vblade4j.daemon.InstalledPaths;

/**
 * The calls that init scripts make, without the quarter of a second that a command line parser
 * takes to load: {@code [--socket PATH] ping}, {@code start}, {@code stop} or {@code restart
 * NAME...}, {@code start --line LINE NAME}. What is not written exactly so is left to the parser,
 * and what is has the same outcome there.
 *
 * <p>Written without lambdas and formats, which would cost as much again.
 */
final class LeanCall {
    private static final String SOCKET = "--socket";

    private LeanCall() {}

    /** The exit status; empty when nothing was done because the parser has to look at it. */
    static OptionalInt run(List<String> words, Console console) {
        Path socket = InstalledPaths.socket();
        int at = 0;
        if (words.size() > 2 && words.get(0).equals(SOCKET) && !words.get(1).startsWith("-")) {
            socket = Path.of(words.get(1));
            at = 2;
        }
        Request request = request(words.subList(at, words.size()));
        return request == null
                ? OptionalInt.empty()
                : OptionalInt.of(call(socket, request, console));
    }

    private static Request request(List<String> words) {
        String verb = words.isEmpty() ? "" : words.get(0);
        List<String> names = words.isEmpty() ? words : words.subList(1, words.size());
        boolean withLine = verb.equals("start") && names.size() == 3;
        if (withLine && names.get(0).equals("--line") && isName(names.get(2))) {
            return lineRequest(names.get(2), names.get(1));
        }
        boolean fits =
                switch (verb) {
                    case "ping" -> names.isEmpty();
                    case "start", "stop", "restart" -> areNames(names);
                    default -> false;
                };
        return fits ? new Request(verb, names) : null;
    }

    /** A line that looks like an option is for the parser to refuse or take. */
    private static Request lineRequest(String name, String line) {
        if (line.isEmpty() || line.startsWith("--")) {
            return null;
        }
        return new Request("start-with", new ArrayList<>(List.of(name, line)));
    }

    private static boolean areNames(List<String> words) {
        for (String word : words) {
            if (!isName(word)) {
                return false;
            }
        }
        return !words.isEmpty();
    }

    private static boolean isName(String word) {
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && (c < '0' || c > '9') && c != '_') {
                return false;
            }
        }
        return !word.isEmpty();
    }

    private static int call(Path socket, Request request, Console console) {
        try {
            Answer answer = new ControlClient(socket).call(request);
            if (answer.ok() && request.verb().equals("ping")) {
                console.out().println(pid(answer));
            } else if (!answer.ok()) {
                console.complain("vblade4j", answer.error());
            }
            return answer.status();
        } catch (IOException e) {
            return failed(e, "vblade4j", console);
        }
    }

    /** What ping's row <code>{"pid":N}</code> says. */
    static String pid(Answer answer) {
        String row = answer.rows().get(0);
        return row.substring(row.indexOf(':') + 1, row.length() - 1);
    }

    /** Of what befalls a file the JDK's message is the name alone. */
    private static String message(Exception failure) {
        if (failure instanceof AccessDeniedException) {
            return failure.getMessage() + ": permission denied";
        }
        return failure instanceof NoSuchFileException
                ? failure.getMessage() + ": no such file or directory"
                : failure.getMessage();
    }

    /** Says what went wrong outside the supervisor, and gives the exit status for it. */
    static int failed(Exception failure, String program, Console console) {
        console.complain(program, message(failure));
        return ExitStatus.of(failure).code();
    }
}
