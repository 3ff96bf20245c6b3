// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "restart", description = "Stop exports, then start them as configured now.")
final class RestartCommand extends ControlCommand {
    @Mixin private Selection selection;

    @Override
    public Integer call() throws IOException {
        return outcome(ask("restart", selection.names()));
    }
}
