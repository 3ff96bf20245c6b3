// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.control.ControlClient;
import org.vblade4j.control.OperationException;
import org.vblade4j.control.Request;
import org.vblade4j.daemon.InstalledPaths;

/**
 * The calls that init scripts make, without the quarter of a second that a command line parser
 * takes to load. What is not written exactly so is left to the parser, and what is has the same
 * outcome there. The launcher makes these calls by itself where it finds a Perl: keep its list and
 * this one the same.
 *
 * <pre>
 * [--socket PATH] ping | dump | shutdown
 * [--socket PATH] status | list | reload [NAME...]
 * [--socket PATH] start | stop | restart NAME... | --all
 * [--socket PATH] start --line LINE NAME
 * [--socket PATH] checkconfig [--files-only | --line LINE NAME]
 * [--socket PATH] checkconfig --confd PATH --settings PATH [--files-only]
 * </pre>
 *
 * <p>The last one only here: those files are seldom a supervisor's.
 *
 * <p>Written without lambdas and formats, which would cost as much again.
 */
final class LeanCall {
    private static final String SOCKET = "--socket";
    private static final String LINE = "--line";
    private static final int ELSEWHERE = OperationException.Kind.ELSEWHERE.exitStatus();

    /** An older supervisor's answer to a check that it does not know. */
    private static final int UNKNOWN = OperationException.Kind.USAGE.exitStatus();

    private LeanCall() {}

    /** The exit status; empty when nothing was done because the parser has to look at it. */
    static OptionalInt run(List<String> words, Console console) {
        Path socket = hasSocket(words) ? Path.of(words.get(1)) : InstalledPaths.socket();
        Request request = request(withoutSocket(words));
        return request == null ? OptionalInt.empty() : call(socket, request, console);
    }

    /** True for what is written so. */
    static boolean takes(List<String> words) {
        return request(withoutSocket(words)) != null;
    }

    private static boolean hasSocket(List<String> words) {
        return words.size() > 2 && words.get(0).equals(SOCKET) && !words.get(1).startsWith("-");
    }

    private static List<String> withoutSocket(List<String> words) {
        return hasSocket(words) ? words.subList(2, words.size()) : words;
    }

    private static Request request(List<String> words) {
        String verb = words.isEmpty() ? "" : words.get(0);
        List<String> names = words.isEmpty() ? words : words.subList(1, words.size());
        switch (verb) {
            case "ping", "dump", "shutdown" -> {
                return names.isEmpty() ? new Request(verb, names) : null;
            }
            case "status", "list", "reload" -> {
                return areNames(names) ? new Request(verb, names) : null;
            }
            case "start", "stop", "restart" -> {
                if (names.size() == 1 && names.get(0).equals("--all")) {
                    return new Request(verb, List.of());
                }
                if (verb.equals("start") && hasLine(names)) {
                    return lineRequest("start-with", names);
                }
                return !names.isEmpty() && areNames(names) ? new Request(verb, names) : null;
            }
            case "checkconfig" -> {
                return LeanCheck.request(names);
            }
            default -> {
                return null;
            }
        }
    }

    /** A line that looks like an option is for the parser to refuse or take. */
    static boolean hasLine(List<String> words) {
        return words.size() == 3
                && words.get(0).equals(LINE)
                && !words.get(1).isEmpty()
                && !words.get(1).startsWith("--")
                && isName(words.get(2));
    }

    static Request lineRequest(String verb, List<String> words) {
        return new Request(verb, new ArrayList<>(List.of(words.get(2), words.get(1))));
    }

    private static boolean areNames(List<String> words) {
        for (String word : words) {
            if (!isName(word)) {
                return false;
            }
        }
        return true;
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

    private static OptionalInt call(Path socket, Request request, Console console) {
        boolean check = LeanCheck.is(request);
        if (check && !Files.exists(socket)) {
            return LeanCheck.alone(request, console);
        }
        try {
            return answered(new ControlClient(socket), request, console);
        } catch (IOException e) {
            return check
                    ? LeanCheck.alone(request, console)
                    : OptionalInt.of(failed(e, "vblade4j", console));
        }
    }

    private static OptionalInt answered(ControlClient client, Request request, Console console)
            throws IOException {
        List<String> lines = client.text(request);
        int last = lines.size() - 1;
        int status = last < 0 ? ELSEWHERE : Integer.parseInt(lines.get(last).substring(1));
        boolean check = LeanCheck.is(request);
        if (status == ELSEWHERE || (check && status == UNKNOWN)) {
            return check ? LeanCheck.alone(request, console) : OptionalInt.empty();
        }
        for (String line : lines.subList(0, last)) {
            boolean good = line.startsWith(">");
            (good ? console.out() : console.err()).println(line.substring(1));
        }
        boolean ends = status == 0 && request.verb().equals("shutdown");
        return OptionalInt.of(ends ? ShutdownCommand.awaitEnd(client, console) : status);
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
