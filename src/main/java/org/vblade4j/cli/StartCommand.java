// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "start",
        description = {
            "Start exports and wait until each serves.",
            "An export that is up already is left alone."
        })
final class StartCommand extends ControlCommand {
    @Mixin private Selection selection;

    @Option(
            names = "--line",
            paramLabel = "LINE",
            description =
                    "Serve the one named export as this conf.d value says instead of the file:"
                            + " '[options] shelf slot interface device', expanded by a shell.")
    private String line;

    @Override
    public Integer call() throws IOException {
        List<String> names = selection.names();
        if (line == null) {
            return outcome(ask("start", names));
        }
        if (names.size() != 1) {
            throw selection.refuse("--line goes with exactly one name");
        }
        return outcome(ask("start-with", List.of(names.get(0), line)));
    }
}
