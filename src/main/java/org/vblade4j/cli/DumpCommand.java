// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ExportsText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "dump",
        description = {
            "Print the exports in force, with every option, as a configuration file:",
            "of conf.d, or of settings when one of the options cannot be said in conf.d.",
            "With --confd or --settings no supervisor is asked: the files are read and printed."
        })
final class DumpCommand extends ControlCommand {
    @Mixin private ConfigFiles files;

    @Override
    public Integer call() throws IOException, ConfigException {
        if (files.named()) {
            return dumpFiles();
        }
        return print("dump", List.of(), ask("dump", List.of()));
    }

    private int dumpFiles() throws ConfigException {
        ExportsText.lines(files.load().exports()).forEach(out()::println);
        return ExitStatus.OK.code();
    }
}
