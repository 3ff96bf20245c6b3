// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.Console;
import org.vblade4j.control.Answer;
import org.vblade4j.control.ControlClient;
import org.vblade4j.control.Request;
import org.vblade4j.control.TextAnswer;
import org.vblade4j.daemon.InstalledPaths;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What every command that talks to a running supervisor shares. */
abstract class ControlCommand implements Callable<Integer> {
    static final String SOCKET_HELP =
            "Control socket of the supervisor; default " + InstalledPaths.SOCKET + ".";

    @Spec private CommandSpec spec;

    @ParentCommand private Vblade4jCommand parent;

    @Option(names = "--socket", paramLabel = "PATH", description = SOCKET_HELP)
    private Path socket;

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** The socket named after the subcommand wins over the one before it. */
    final Path socket() {
        return socket == null ? parent.socket() : socket;
    }

    final boolean namesSocket() {
        return socket != null || parent.namesSocket();
    }

    final Answer ask(String verb, List<String> arguments) throws IOException {
        return new ControlClient(socket()).call(new Request(verb, arguments));
    }

    /** Says what was refused, and gives the exit status the supervisor asked for. */
    final int outcome(Answer answer) {
        new Console(out(), err()).complain("vblade4j", answer.error());
        return answer.status();
    }

    /** Prints an answer as people read it. */
    final int print(String verb, List<String> arguments, Answer answer) {
        if (!answer.ok()) {
            return outcome(answer);
        }
        TextAnswer text = TextAnswer.of(verb, arguments, answer.parsedRows());
        text.out().forEach(out()::println);
        return text.status();
    }
}
