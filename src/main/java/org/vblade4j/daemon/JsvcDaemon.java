// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.util.List;
import org.apache.commons.daemon.Daemon;
import org.apache.commons.daemon.DaemonContext;
import org.apache.commons.daemon.DaemonController;
import org.apache.commons.daemon.DaemonInitException;
import org.apache.commons.daemon.DaemonUserSignal;
import org.vblade4j.config.ConfigException;
import org.vblade4j.control.ControlServer;
import org.vblade4j.supervisor.ConfigFiles;
import org.vblade4j.supervisor.Supervisor;

/**
 * The supervisor as jsvc runs it, for init systems that supervise nothing themselves. jsvc owns the
 * signals: TERM becomes {@link #stop}, USR2 becomes {@link #signal}, which is a live reload.
 *
 * <p>Not to be run with jsvc's {@code -user}: it drops CAP_NET_RAW before {@link #init} is called.
 */
public final class JsvcDaemon implements Daemon, DaemonUserSignal {
    private DaemonController controller;
    private Supervisor supervisor;
    private ControlServer server;

    /** jsvc makes one. */
    public JsvcDaemon() {}

    /** Reads the configuration, takes the state directory and the socket; starts nothing. */
    @Override
    public void init(DaemonContext context) throws DaemonInitException {
        LogFormat.install(System.getenv());
        LogFile.ofThisProcess().ifPresent(LogFile::follow);
        controller = context.getController();
        JsvcArguments arguments = JsvcArguments.parse(List.of(context.getArguments()));
        ConfigFiles files =
                new ConfigFiles(arguments.confd(), arguments.settings(), arguments.autostart());
        try {
            open(files, arguments);
        } catch (IOException | ConfigException e) {
            throw new DaemonInitException(e.getMessage(), e);
        }
    }

    private void open(ConfigFiles files, JsvcArguments arguments)
            throws IOException, ConfigException {
        supervisor =
                Supervisor.open(
                        arguments.stateDirectory(),
                        files,
                        SupervisorDaemon.exports(arguments.dataDirectory()));
        try {
            server = SupervisorDaemon.server(arguments.socket(), supervisor);
            // jsvc's own process, which its library tells to end this one.
            long jsvc = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
            Confinement.of(supervisor.firstSettings(), jsvc);
        } catch (IOException e) {
            supervisor.close();
            throw e;
        }
    }

    /** Returns when every export serves or has failed once. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is the only thing left to do
    public void start() throws IOException {
        server.start();
        supervisor.ended().whenComplete((nothing, failure) -> controller.shutdown());
        SupervisorDaemon.takeUp(supervisor);
    }

    @Override
    public void signal() {
        SupervisorDaemon.reload(supervisor);
    }

    @Override
    public void stop() {
        supervisor.close();
    }

    @Override
    public void destroy() {
        if (server != null) {
            server.close();
        }
    }
}
