// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ControlSettings;
import org.vblade4j.control.ControlAccess;
import org.vblade4j.control.ControlServer;
import org.vblade4j.control.OperationException;
import org.vblade4j.export.ChangeLog;
import org.vblade4j.export.ExportLauncher;
import org.vblade4j.supervisor.ConfigFiles;
import org.vblade4j.supervisor.Supervised;
import org.vblade4j.supervisor.SupervisedExports;
import org.vblade4j.supervisor.Supervisor;

/**
 * The supervisor as a process in the foreground. INT and TERM end it in order, HUP reloads. It is
 * ready when it answers at its socket and every export that it starts by itself serves or has
 * failed once.
 */
public final class SupervisorDaemon {
    private static final Logger LOG = System.getLogger(SupervisorDaemon.class.getName());

    /** Longer than the supervisor's own patience with exports; then the process goes anyway. */
    private static final long END_BUDGET_S = 20;

    private static final String LEFT =
            "ended, but not in order; what is in progress on a device that does not answer keeps"
                    + " this process in the kernel until the device has finished it";

    private final ConfigFiles source;
    private final Path socket;
    private final Path stateDirectory;
    private final Supervised.Factory factory;

    /**
     * Reads and opens nothing yet.
     *
     * @param dataDirectory where what initiators change outlives the machine
     * @param autostart false: start only what ran before, whatever the settings say
     */
    public SupervisorDaemon(
            Path confd,
            Path settings,
            Path socket,
            Path stateDirectory,
            Path dataDirectory,
            boolean autostart) {
        this.source = new ConfigFiles(confd, settings, autostart);
        this.socket = socket;
        this.stateDirectory = stateDirectory;
        this.factory = exports(dataDirectory);
    }

    static Supervised.Factory exports(Path dataDirectory) {
        return new SupervisedExports(new ExportLauncher(ChangeLog.in(dataDirectory)));
    }

    static ControlServer server(Path socket, Supervisor supervisor) throws IOException {
        ControlSettings control = supervisor.firstSettings().control();
        boolean everything = control.may() == ControlSettings.GroupCommands.ALL;
        return new ControlServer(
                socket, supervisor, new ControlAccess(control.group(), everything));
    }

    /**
     * Returns the exit status when the supervisor has ended.
     *
     * @throws ConfigException with everything that is wrong; nothing was started
     */
    public int run() throws IOException, ConfigException, InterruptedException {
        LogFormat.install(System.getenv());
        LogFile.ofThisProcess().ifPresent(LogFile::follow);
        Readiness readiness = Readiness.of(System.getenv());
        try (Supervisor supervisor = Supervisor.open(stateDirectory, source, factory);
                ControlServer server = server(socket, supervisor)) {
            Confinement.of(supervisor.firstSettings());
            Signals.handle("INT", () -> end(supervisor, "INT"));
            Signals.handle("TERM", () -> end(supervisor, "TERM"));
            Signals.handle("HUP", () -> reload(supervisor));
            server.start();
            LOG.log(Level.INFO, "supervisor answers at {0}", socket);
            takeUp(supervisor);
            readiness.announce();
            boolean inOrder = supervisor.ended().get().isEmpty();
            LOG.log(Level.INFO, inOrder ? "ended" : LEFT);
            return inOrder ? 0 : 1;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the supervisor ended by a defect", e.getCause());
        } finally {
            LogFormat.flush(); // before what the program says last
        }
    }

    /** What does not come up goes to the log: nobody waits for it. */
    static void takeUp(Supervisor supervisor) {
        try {
            supervisor.takeUp();
        } catch (OperationException e) {
            e.getMessage().lines().forEach(line -> LOG.log(Level.WARNING, line));
        }
        supervisor.logRefusals();
    }

    /** The same for a reload that a signal asked for. */
    static void reload(Supervisor supervisor) {
        try {
            for (Map<String, Object> row : supervisor.reload(List.of())) {
                LOG.log(Level.INFO, "{0}: {1}", row.get("name"), row.get("result"));
            }
        } catch (OperationException e) {
            e.getMessage().lines().forEach(line -> LOG.log(Level.ERROR, line));
        }
    }

    private static void end(Supervisor supervisor, String signal) {
        LOG.log(Level.INFO, "ending: signal {0}", signal);
        supervisor.shutdown();
        try {
            supervisor.ended().get(END_BUDGET_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            LOG.log(Level.ERROR, "exports do not end within {0} s, leaving", END_BUDGET_S);
            LogFormat.flush();
            Runtime.getRuntime().halt(1);
        } catch (ExecutionException | InterruptedException e) {
            LOG.log(Level.ERROR, "ending failed", e);
        }
    }
}
