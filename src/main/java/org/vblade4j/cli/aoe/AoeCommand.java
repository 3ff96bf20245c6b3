// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.util.concurrent.Callable;
import org.vblade4j.cli.transfer.CatCommand;
import org.vblade4j.cli.transfer.DdCommand;
import org.vblade4j.cli.transfer.NbdCommand;
import org.vblade4j.cli.transfer.VerifyCommand;
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
            StatCommand.class,
            PingCommand.class,
            IdentifyCommand.class,
            ConfigCommand.class,
            MaskCommand.class,
            ReserveCommand.class,
            SancheckCommand.class,
            SmartCommand.class,
            ConflictsCommand.class,
            VerifyCommand.class,
            CatCommand.class,
            DdCommand.class,
            NbdCommand.class,
            WatchCommand.class,
            TortureCommand.class
        })
public final class AoeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
