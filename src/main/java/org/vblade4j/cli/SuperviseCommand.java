// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.vblade4j.config.ConfigException;
import org.vblade4j.daemon.InstalledPaths;
import org.vblade4j.daemon.SupervisorDaemon;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "supervise",
        description = {
            "Serve the configured exports, in the foreground, until INT, TERM or shutdown.",
            "HUP does what reload does. The log goes to stderr, a line an event."
        })
final class SuperviseCommand implements Callable<Integer> {
    @ParentCommand private Vblade4jCommand parent;

    @Mixin private ConfigFiles files;

    @Option(names = "--socket", paramLabel = "PATH", description = ControlCommand.SOCKET_HELP)
    private Path socket;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = InstalledPaths.STATE_DIRECTORY,
            description =
                    "Lock, desired state and state files; survives a restart of the supervisor, not"
                            + " of the machine. Default ${DEFAULT-VALUE}.")
    private Path stateDirectory;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            defaultValue = InstalledPaths.DATA_DIRECTORY,
            description =
                    "What initiators changed: config strings, mask lists and reservations. Default"
                            + " ${DEFAULT-VALUE}.")
    private Path dataDirectory;

    @Option(
            names = "--no-autostart",
            description = "Start no export but those that ran before, whatever the settings say.")
    private boolean noAutostart;

    @Override
    public Integer call() throws IOException, ConfigException, InterruptedException {
        return new SupervisorDaemon(
                        files.confd(),
                        files.settings(),
                        socket == null ? parent.socket() : socket,
                        stateDirectory,
                        dataDirectory,
                        !noAutostart)
                .run();
    }
}
