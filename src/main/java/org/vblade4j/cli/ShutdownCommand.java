// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.control.Answer;
import org.vblade4j.control.ControlClient;
import org.vblade4j.control.NoSupervisorException;
import org.vblade4j.control.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "shutdown",
        description = "Stop every export in order, end the supervisor, and wait until it is gone.")
final class ShutdownCommand extends ControlCommand {
    private static final long PAUSE_NS = 50_000_000;
    private static final int PATIENCE_S = 30;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "" + PATIENCE_S,
            description = "How long to wait, 0 not at all; default ${DEFAULT-VALUE}.")
    private long timeoutSeconds;

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("shutdown", List.of());
        if (!answer.ok() || timeoutSeconds == 0) {
            return outcome(answer);
        }
        return awaitEnd(new ControlClient(socket()), timeoutSeconds, new Console(out(), err()));
    }

    /** Returns the exit status of a shutdown that was accepted, as if no option were given. */
    static int awaitEnd(ControlClient client, Console console) {
        return awaitEnd(client, PATIENCE_S, console);
    }

    private static int awaitEnd(ControlClient client, long seconds, Console console) {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        while (System.nanoTime() < deadlineNs) {
            try {
                client.call(new Request("ping", List.of()));
            } catch (NoSupervisorException e) {
                return ExitStatus.OK.code();
            } catch (IOException e) {
                // It was ending while it was asked: the next look tells.
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        String message = "the supervisor still answers after " + seconds + " s";
        console.complain("vblade4j", message);
        return ExitStatus.REFUSED.code();
    }
}
