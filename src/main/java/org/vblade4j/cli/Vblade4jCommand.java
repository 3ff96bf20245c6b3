// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.vblade4j.daemon.InstalledPaths;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The front end without a subcommand: only {@code --help} and {@code --version} make sense. */
@Command(
        name = "vblade4j",
        description = "Serves disks over ATA over Ethernet, and manages the exports that do.",
        subcommands = {
            SuperviseCommand.class,
            StartCommand.class,
            StopCommand.class,
            RestartCommand.class,
            StatusCommand.class,
            ListCommand.class,
            ClientsCommand.class,
            ReloadCommand.class,
            CheckconfigCommand.class,
            DumpCommand.class,
            HardenCommand.class,
            ImportCommand.class,
            BenchCommand.class,
            PingCommand.class,
            ShutdownCommand.class
        })
final class Vblade4jCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--socket", paramLabel = "PATH", description = ControlCommand.SOCKET_HELP)
    private Path socket;

    /** The socket named before the subcommand, or the installed one. */
    Path socket() {
        return socket == null ? InstalledPaths.socket() : socket;
    }

    boolean namesSocket() {
        return socket != null;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
