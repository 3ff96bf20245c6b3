// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.control.OperationException;
import org.vblade4j.control.Operations;

/**
 * Keeps the exports running that should run. One thread, named "supervisor", owns all their states;
 * the methods here come from any thread, hand their work to that one and wait for the outcome. It
 * waits for nobody itself: starts and stops are done by the exports' own threads.
 */
public final class Supervisor implements Operations, AutoCloseable {
    private static final Logger LOG = System.getLogger(Supervisor.class.getName());

    private final StateDirectory stateDirectory;
    private final Scheduler scheduler;
    private final Fleet fleet;
    private final Commands commands;
    private final Checks checks;
    private final DaemonSettings firstSettings;
    private final CompletableFuture<List<String>> ended = new CompletableFuture<>();

    /** What is waited for; nobody is left waiting when the thread ends. */
    private final Set<Reply<?>> pending = ConcurrentHashMap.newKeySet();

    private final RefusalLog refusals = new RefusalLog();

    /** Supervisor thread only. */
    private boolean ending;

    private Supervisor(StateDirectory stateDirectory, Scheduler scheduler, Fleet fleet) {
        this.stateDirectory = stateDirectory;
        this.scheduler = scheduler;
        this.fleet = fleet;
        this.firstSettings = fleet.settings();
        this.commands = new Commands(fleet);
        this.checks = new Checks(fleet.source());
    }

    /**
     * Reads the configuration and takes the state directory; nothing runs before {@link #takeUp}.
     *
     * @throws IOException when the state directory cannot be used, or another supervisor uses it
     * @throws ConfigException with everything that is wrong with the configuration
     */
    public static Supervisor open(
            Path stateDirectory, ConfigSource source, Supervised.Factory factory)
            throws IOException, ConfigException {
        return open(stateDirectory, source, factory, new SupervisorThread(), Timeouts.DEFAULTS);
    }

    static Supervisor open(
            Path directory,
            ConfigSource source,
            Supervised.Factory factory,
            Scheduler scheduler,
            Timeouts timeouts)
            throws IOException, ConfigException {
        StateDirectory stateDirectory = StateDirectory.open(directory);
        try {
            Fleet fleet = new Fleet(stateDirectory, source, factory, scheduler, timeouts);
            stateDirectory.showRefusal(null);
            return new Supervisor(stateDirectory, scheduler, fleet);
        } catch (ConfigException | RuntimeException e) {
            stateDirectory.showRefusal(e.getMessage());
            scheduler.close();
            stateDirectory.close();
            throw e;
        }
    }

    /** What was configured when the supervisor was opened. */
    public DaemonSettings firstSettings() {
        return firstSettings;
    }

    /**
     * Starts what operators had running before, and what the configuration wants started with the
     * supervisor. Returns when each serves or has failed once; those are tried again.
     *
     * @throws OperationException naming every export that is not up yet, and why
     */
    public void takeUp() throws OperationException {
        ask(
                () -> {
                    Outcomes outcomes = new Outcomes();
                    fleet.takeUp().forEach(outcomes::put);
                    return outcomes.all();
                });
    }

    /** From now on logs what exports refuse, as long as the supervisor lives. */
    public void logRefusals() {
        scheduler.execute(this::lookAtRefusals);
    }

    private void lookAtRefusals() {
        if (!ending) {
            fleet.lookAtRefusals(refusals);
            scheduler.after(RefusalLog.PERIOD, this::lookAtRefusals);
        }
    }

    @Override
    public void start(List<String> names) throws OperationException {
        ask(() -> commands.start(names));
    }

    @Override
    public void startWith(String name, String line) throws OperationException {
        ask(() -> commands.startWith(name, line));
    }

    @Override
    public void stop(List<String> names) throws OperationException {
        ask(() -> commands.stop(names));
    }

    @Override
    public void restart(List<String> names) throws OperationException {
        ask(() -> commands.restart(names));
    }

    @Override
    public List<Map<String, Object>> reload(List<String> names) throws OperationException {
        return ask(() -> commands.reload(names));
    }

    @Override
    public List<Map<String, Object>> status(List<String> names) throws OperationException {
        return ask(() -> CompletableFuture.completedFuture(commands.status(names)));
    }

    @Override
    public List<Map<String, Object>> clients(List<String> names) throws OperationException {
        return ask(() -> CompletableFuture.completedFuture(commands.clients(names)));
    }

    @Override
    public List<String> dump() throws OperationException {
        return ask(() -> CompletableFuture.completedFuture(commands.dump()));
    }

    @Override
    public List<Map<String, Object>> checkFiles(String confd, String settings)
            throws OperationException {
        return checks.files(confd, settings);
    }

    @Override
    public List<Map<String, Object>> checkSystem(String confd, String settings)
            throws OperationException {
        return checks.system(confd, settings);
    }

    @Override
    public List<Map<String, Object>> checkLine(String name, String line) throws OperationException {
        return checks.line(name, line);
    }

    @Override
    public void shutdown() {
        scheduler.execute(this::beginToEnd);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is the only thing left to do
    private void beginToEnd() {
        if (!ending) {
            ending = true;
            commands.end().thenAccept(this::finish);
        }
    }

    /**
     * Done when every export is gone, or the patience with it, and the thread has ended. The result
     * says what went wrong on the way, an export a line.
     */
    public CompletableFuture<List<String>> ended() {
        return ended.copy();
    }

    /** {@link #shutdown}, and waits for its end. */
    @Override
    public void close() {
        shutdown();
        ended.join();
    }

    private void finish(List<String> complaints) {
        complaints.forEach(line -> LOG.log(Level.ERROR, line));
        try {
            stateDirectory.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "leaving the state directory: {0}", e.toString());
        }
        scheduler.close();
        ended.complete(complaints);
        pending.forEach(reply -> reply.fail(hasEnded()));
    }

    private interface Task<T> {
        CompletableFuture<T> begin() throws Exception;
    }

    private <T> T ask(Task<T> task) throws OperationException {
        Reply<T> reply = new Reply<>();
        pending.add(reply);
        try {
            scheduler.execute(() -> begin(task, reply));
            if (ended.isDone()) {
                reply.fail(hasEnded());
            }
            return reply.await();
        } finally {
            pending.remove(reply);
        }
    }

    private <T> void begin(Task<T> task, Reply<T> reply) {
        try {
            if (ending) {
                throw hasEnded();
            }
            reply.follow(task.begin());
        } catch (Throwable e) { // the asking thread waits for it
            reply.fail(e);
        }
    }

    private static OperationException hasEnded() {
        return new OperationException(
                OperationException.Kind.REFUSED, "the supervisor is shutting down");
    }
}
