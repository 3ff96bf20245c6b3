// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "ping",
        description = "Succeed when a supervisor answers, and print its process id.")
final class PingCommand extends ControlCommand {
    @Override
    public Integer call() throws IOException {
        return print("ping", List.of(), ask("ping", List.of()));
    }
}
