// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "stop",
        description = {
            "Stop exports: what was written is flushed, then they answer nothing any more.",
            "Stopping a stopped export is no error."
        })
final class StopCommand extends ControlCommand {
    @Mixin private Selection selection;

    @Override
    public Integer call() throws IOException {
        return outcome(ask("stop", selection.names()));
    }
}
