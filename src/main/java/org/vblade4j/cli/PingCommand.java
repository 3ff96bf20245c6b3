// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import org.vblade4j.control.Answer;
import picocli.CommandLine.Command;

@Command(
        name = "ping",
        description = "Succeed when a supervisor answers, and print its process id.")
final class PingCommand extends ControlCommand {
    @Override
    public Integer call() throws IOException {
        Answer answer = ask("ping", List.of());
        if (answer.ok()) {
            out().println(LeanCall.pid(answer));
        }
        return outcome(answer);
    }
}
