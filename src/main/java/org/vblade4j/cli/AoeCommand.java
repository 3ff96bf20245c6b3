// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The initiator's side; without a subcommand only {@code --help} and {@code --version}. */
@Command(
        name = "aoe",
        description = "Finds, checks and copies ATA over Ethernet targets without a kernel driver.",
        subcommands = {
            DiscoverCommand.class,
            AoeStatCommand.class,
            AoePingCommand.class,
            AoeIdentifyCommand.class,
            AoeConfigCommand.class,
            AoeMaskCommand.class,
            AoeReserveCommand.class,
            AoeSancheckCommand.class,
            AoeSmartCommand.class,
            AoeConflictsCommand.class,
            VerifyCommand.class,
            CatCommand.class,
            DdCommand.class,
            NbdCommand.class,
            WatchCommand.class
        })
final class AoeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
