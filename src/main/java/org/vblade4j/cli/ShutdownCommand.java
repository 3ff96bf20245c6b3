// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.control.Answer;
import org.vblade4j.control.NoSupervisorException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "shutdown",
        description = "Stop every export in order, end the supervisor, and wait until it is gone.")
final class ShutdownCommand extends ControlCommand {
    private static final long PAUSE_MS = 50;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "How long to wait, 0 not at all; default ${DEFAULT-VALUE}.")
    private long timeoutSeconds;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Answer answer = ask("shutdown", List.of());
        if (!answer.ok() || timeoutSeconds == 0 || gone()) {
            return outcome(answer);
        }
        String message = "the supervisor still answers after " + timeoutSeconds + " s";
        new Console(out(), err()).complain("vblade4j", message);
        return ExitStatus.REFUSED.code();
    }

    private boolean gone() throws InterruptedException {
        long deadlineNs = System.nanoTime() + Duration.ofSeconds(timeoutSeconds).toNanos();
        while (System.nanoTime() < deadlineNs) {
            try {
                ask("ping", List.of());
            } catch (NoSupervisorException e) {
                return true;
            } catch (IOException e) {
                // It was ending while it was asked: the next look tells.
            }
            Thread.sleep(PAUSE_MS);
        }
        return false;
    }
}
