// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.target.StationActivity;

/**
 * One export's state machine. Supervisor thread only: runs report by tasks given to the scheduler,
 * and each report names the run it belongs to, so that a late one changes nothing.
 *
 * <pre>
 * STOPPED -> STARTING -> STARTED -> STOPPING -> STOPPED
 *               |           |
 *               +--CRASHED--+   after a delay -> STARTING, after too many -> FAILED
 * </pre>
 *
 * A new run never begins before the one before it is gone: two of them would answer for one disk.
 */
final class ManagedExport {
    /** What all exports share. */
    interface Context {
        Scheduler scheduler();

        Supervised.Factory factory();

        DaemonSettings settings();

        Timeouts timeouts();

        void stateChanged(ManagedExport export);
    }

    private static final Logger LOG = System.getLogger(ManagedExport.class.getName());

    private final Context context;
    private final Waiters starters;
    private final Waiters stoppers;
    private final RestartPolicy policy = new RestartPolicy();

    private ExportSpec spec;
    private boolean wanted;
    private ExportState state = ExportState.STOPPED;
    private Instant since;
    private Supervised run;
    private ExportSpec runSpec;
    private boolean served;
    private long runs;
    private long restarts;
    private String lastError = "";
    private Runnable cancelTimer = ManagedExport::nothing;

    ManagedExport(Context context, ExportSpec spec) {
        this.context = context;
        this.spec = spec;
        this.starters = new Waiters(context.scheduler());
        this.stoppers = new Waiters(context.scheduler());
        this.since = context.scheduler().wallTime();
    }

    /** Wants it running; done when it serves or a start has failed. */
    CompletableFuture<Optional<String>> start() {
        wanted = true;
        policy.reset();
        if (state == ExportState.STARTED) {
            return Waiters.satisfied();
        }
        CompletableFuture<Optional<String>> waiter = awaitStart();
        if (run == null) {
            launch();
        }
        return waiter;
    }

    /** Ends the run if there is one, and then starts another, with what {@link #spec} is by now. */
    CompletableFuture<Optional<String>> restart() {
        wanted = true;
        policy.reset();
        CompletableFuture<Optional<String>> waiter = awaitStart();
        if (run == null) {
            launch();
        } else if (state != ExportState.STOPPING) {
            endRun();
        }
        return waiter;
    }

    /** Wants it stopped; done when it is gone, with what went wrong on the way. */
    CompletableFuture<Optional<String>> stop() {
        wanted = false;
        starters.fail("stopped before it was up");
        if (run == null) {
            cancelTimer();
            if (state != ExportState.STOPPED) {
                become(ExportState.STOPPED, "");
            }
            return Waiters.satisfied();
        }
        CompletableFuture<Optional<String>> waiter =
                stoppers.add(context.timeouts().stop(), this::lateStop);
        if (state != ExportState.STOPPING) {
            endRun();
        }
        return waiter;
    }

    private CompletableFuture<Optional<String>> awaitStart() {
        Duration deadline = context.timeouts().start();
        return starters.add(
                deadline,
                () ->
                        state == ExportState.STOPPING
                                ? lateStop()
                                : "not up within "
                                        + deadline.toSeconds()
                                        + " s, still "
                                        + state.label());
    }

    private void launch() {
        cancelTimer();
        runs++;
        become(ExportState.STARTING, "");
        runSpec = spec;
        served = false;
        try {
            run = context.factory().start(spec, context.settings(), listener(runs));
        } catch (Throwable e) { // whatever it is, it is this export's trouble only
            crash(e);
        }
    }

    private Supervised.Listener listener(long number) {
        return new Supervised.Listener() {
            @Override
            public void started() {
                context.scheduler().execute(() -> onStarted(number));
            }

            @Override
            public void ended(Throwable cause) {
                context.scheduler().execute(() -> onEnded(number, cause));
            }
        };
    }

    private void onStarted(long number) {
        served |= number == runs;
        if (number == runs && state == ExportState.STARTING) {
            become(ExportState.STARTED, "");
            starters.succeed();
        }
    }

    private void onEnded(long number, Throwable cause) {
        if (number != runs || run == null) {
            return;
        }
        cancelTimer();
        run = null;
        if (state == ExportState.STOPPING) {
            stopped(cause);
        } else {
            crash(cause);
        }
    }

    private void stopped(Throwable cause) {
        lastError = cause == null ? "" : describe(cause);
        become(ExportState.STOPPED, lastError);
        String complaint = lastError;
        boolean failedStart = !served;
        if (wanted) {
            launch();
        }
        // Last, since who waited may ask for a start right here. Who stops an export that could not
        // be started has got what was asked for.
        if (cause == null || failedStart) {
            stoppers.succeed();
        } else {
            stoppers.fail("stopped, but: " + complaint);
        }
    }

    private void crash(Throwable cause) {
        lastError = describe(cause);
        if (cause != null && !(cause instanceof IOException)) {
            LOG.log(Level.ERROR, name() + ": ended by a defect", cause);
        }
        Optional<Duration> delay =
                policy.afterCrash(context.scheduler().nowNs(), context.settings().restart());
        String prospect =
                delay.map(pause -> "; next try in " + seconds(pause))
                        .orElse("; given up after too many crashes");
        become(delay.isPresent() ? ExportState.CRASHED : ExportState.FAILED, lastError + prospect);
        if (delay.isPresent()) {
            cancelTimer = context.scheduler().after(delay.get(), this::retry);
        }
        starters.fail(lastError + prospect);
    }

    private void retry() {
        restarts++;
        launch();
    }

    private void endRun() {
        become(ExportState.STOPPING, "");
        cancelTimer();
        Duration patience = context.timeouts().stop();
        cancelTimer = context.scheduler().after(patience, this::stopIsLate);
        run.stop();
    }

    private void stopIsLate() {
        lastError = lateStop();
        LOG.log(Level.ERROR, "{0}: {1}", name(), lastError);
    }

    /** Its thread shows what it waits for, unless it is in a call that does not return. */
    private String lateStop() {
        Duration stopping = Duration.between(since, context.scheduler().wallTime());
        String waitingFor = run.status().map(ExportStatus::waitingFor).orElse("");
        return "still stopping after "
                + stopping.plusMillis(500)
                        .toSeconds() // the timer and the wall clock differ a little
                + " s: "
                + (waitingFor.isEmpty()
                        ? "its thread waits in a call to " + runSpec.device()
                        : "waiting for " + waitingFor);
    }

    private void become(ExportState next, String detail) {
        state = next;
        since = context.scheduler().wallTime();
        Level level =
                next == ExportState.CRASHED || next == ExportState.FAILED
                        ? Level.WARNING
                        : Level.INFO;
        LOG.log(level, name() + ": " + next.label() + (detail.isEmpty() ? "" : ": " + detail));
        context.stateChanged(this);
    }

    private static void nothing() {}

    private void cancelTimer() {
        cancelTimer.run();
        cancelTimer = ManagedExport::nothing;
    }

    private static String describe(Throwable cause) {
        if (cause == null) {
            return "ended without being asked to";
        }
        return cause instanceof IOException && cause.getMessage() != null
                ? cause.getMessage()
                : cause.toString();
    }

    private static String seconds(Duration delay) {
        return delay.toMillis() / 1000.0 + " s";
    }

    String name() {
        return spec.name();
    }

    /** Settings of all exports have changed. */
    void apply(DaemonSettings settings) {
        if (run != null) {
            run.apply(settings);
        }
    }

    /** What the next run serves; what this one serves too, unless it is about to end. */
    ExportSpec spec() {
        return spec;
    }

    /** Takes effect with the next run. */
    void respecify(ExportSpec newer) {
        spec = newer;
    }

    /** True from a start to the next stop, whatever becomes of it meanwhile. */
    boolean wanted() {
        return wanted;
    }

    /** True when the other's address on its interface is, or shall be, this one's. */
    boolean claims(ExportSpec other) {
        return (wanted && samePlace(spec, other)) || (run != null && samePlace(runSpec, other));
    }

    private static boolean samePlace(ExportSpec one, ExportSpec other) {
        return one.address().equals(other.address())
                && one.interfaceName().equals(other.interfaceName());
    }

    /** True while a run exists: its address and device are taken. */
    boolean occupied() {
        return run != null;
    }

    ExportState state() {
        return state;
    }

    Instant since() {
        return since;
    }

    long restarts() {
        return restarts;
    }

    /** Why the last run ended, or empty. */
    String lastError() {
        return lastError;
    }

    /** What each station has done with the current run. */
    List<StationActivity> activities() {
        return run == null ? List.of() : run.activities();
    }

    Optional<ExportStatus> status() {
        return run == null ? Optional.empty() : run.status();
    }
}
