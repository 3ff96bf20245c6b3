// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.ExitStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "harden",
        description = {
            "Print the settings for a cautious site, with what each is for, to be filled in.",
            "Nothing is changed."
        })
final class HardenCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
            names = "--unit",
            description = "A drop-in for the systemd unit (systemctl edit vblade4j) instead.")
    private boolean unit;

    @Override
    public Integer call() throws IOException {
        String name = unit ? "harden.unit" : "harden.conf";
        try (InputStream in = HardenCommand.class.getResourceAsStream(name)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            spec.commandLine().getOut().print(text);
        }
        return ExitStatus.OK.code();
    }
}
