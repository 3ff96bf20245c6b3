// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.target.Change;
import org.vblade4j.target.StateImage;
import org.vblade4j.target.StateKeeper;
import org.vblade4j.wire.Mac;

/**
 * Keeps what initiators change about exports, and logs who changed what. All of it is done by one
 * thread of its own, in the order it was asked for: a worker never waits for a disk or a log, and
 * an export that starts again reads what its last run had kept.
 *
 * <p>What waits for that thread is bounded by the number of exports: of each one change, and one
 * notice of refused changes. However many stations ask, and of however many exports, it writes a
 * state file {@value #WRITES_PER_SECOND} times a second at most, and logs as {@link LineBudget}
 * allows: stations that are named have one budget, all others another.
 */
public final class ChangeLog {
    private static final Logger LOG = System.getLogger(ChangeLog.class.getName());
    private static final long IDLE_S = 10;
    private static final int WRITES_PER_SECOND = 50;
    private static final long WRITE_NS = TimeUnit.SECONDS.toNanos(1) / WRITES_PER_SECOND;
    private static final long REST_S = 60;

    private final Optional<Path> directory;
    private final Function<ExportSpec, String> key;
    private final ScheduledThreadPoolExecutor thread;

    // The rest is that thread's own.
    private final LineBudget named = new LineBudget();
    private final LineBudget others = new LineBudget();
    private boolean restDue;
    private long lastWriteNs = System.nanoTime() - WRITE_NS;

    private ChangeLog(Optional<Path> directory, Function<ExportSpec, String> key) {
        this.directory = directory;
        this.key = key;
        ThreadGroup group = new ThreadGroup("changes"); // not that of the export that asks first
        this.thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        task -> {
                            Thread started = new Thread(group, task, "changes");
                            started.setDaemon(true);
                            return started;
                        });
        thread.setKeepAliveTime(IDLE_S, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** Logs only. */
    public static ChangeLog keepingNothing() {
        return new ChangeLog(Optional.empty(), ExportSpec::name);
    }

    /** Keeps what is to be kept under the export's name. */
    public static ChangeLog in(Path directory) {
        return new ChangeLog(Optional.of(directory), ExportSpec::name);
    }

    /** Keeps what is to be kept under the export's address, for exports without a name. */
    public static ChangeLog byAddressIn(Path directory) {
        return new ChangeLog(Optional.of(directory), spec -> spec.address().toString());
    }

    private Optional<StateFile> file(ExportSpec spec) {
        return spec.options().remote().keep()
                ? directory.map(where -> new StateFile(where, key.apply(spec)))
                : Optional.empty();
    }

    /**
     * What an export's last run has kept; waits for what is being written.
     *
     * @throws IOException there is something, but nothing to go by
     */
    StateImage load(ExportSpec spec) throws IOException {
        Optional<StateFile> file = file(spec);
        if (file.isEmpty()) {
            return StateImage.EMPTY;
        }
        Future<Optional<StateImage>> loading = thread.submit(file.get()::read);
        try {
            Optional<StateImage> kept = loading.get();
            kept.filter(image -> !image.equals(StateImage.EMPTY))
                    .ifPresent(image -> logLoaded(spec, file.get().path(), image));
            return kept.orElse(StateImage.EMPTY);
        } catch (InterruptedException e) {
            loading.cancel(false);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while reading " + file.get().path(), e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IllegalStateException("reading a state file failed by a defect", e);
        }
    }

    private static void logLoaded(ExportSpec spec, Path file, StateImage image) {
        LOG.log(
                Level.INFO,
                "{0}: from {1}: {2}",
                spec.name(),
                file,
                ChangeText.describe(image, !spec.options().allowedMacs().isEmpty()));
    }

    /**
     * For one run of one export.
     *
     * @param finished called by any thread when a change has come to its outcome
     */
    StateKeeper keeper(ExportSpec spec, Runnable finished) {
        return new Keeper(spec, file(spec), finished);
    }

    /** Waits until the state files have not been written too often of late. */
    private void pace() {
        long leftNs = lastWriteNs + WRITE_NS - System.nanoTime();
        while (leftNs > 0) {
            LockSupport.parkNanos(leftNs);
            leftNs = lastWriteNs + WRITE_NS - System.nanoTime();
        }
        lastWriteNs = System.nanoTime();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for a line of the log
    private void log(Level level, boolean isNamed, String line) {
        LineBudget budget = isNamed ? named : others;
        if (budget.take(System.nanoTime())) {
            LOG.log(level, "{0}{1}", line, leftOut(budget.takeLeftOut()));
        } else if (!restDue) {
            restDue = true;
            thread.schedule(this::logRest, REST_S, TimeUnit.SECONDS);
        }
    }

    private static String leftOut(long count) {
        return count == 0 ? "" : "; " + count + " more such lines were left out";
    }

    /** What was left out last would otherwise be told with the next change, if one comes. */
    private void logRest() {
        restDue = false;
        long count = named.takeLeftOut() + others.takeLeftOut();
        if (count > 0) {
            String left = Long.toString(count);
            LOG.log(Level.WARNING, "{0} lines about changes by stations were left out", left);
        }
    }

    private final class Keeper implements StateKeeper {
        private final ExportSpec spec;
        private final Set<Long> stations;
        private final Optional<StateFile> file;
        private final Runnable finished;
        private final AtomicBoolean refusalWaits = new AtomicBoolean();
        private final AtomicLong refusedSince = new AtomicLong();
        private volatile Outcome outcome = Outcome.KEPT;

        Keeper(ExportSpec spec, Optional<StateFile> file, Runnable finished) {
            this.spec = spec;
            this.stations = Targets.named(spec);
            this.file = file;
            this.finished = finished;
        }

        @Override
        public void begin(Change change) {
            outcome = Outcome.PENDING;
            thread.execute(() -> keep(change));
        }

        private void keep(Change change) {
            Outcome result = Outcome.FAILED;
            String failure = "";
            Level level = Level.INFO;
            try {
                if (file.isPresent()) {
                    pace();
                    file.get().write(change.after());
                }
                result = Outcome.KEPT;
            } catch (IOException e) {
                failure = "refused, because it cannot be kept (" + e + "): ";
                level = Level.ERROR;
            } finally {
                outcome = result;
                finished.run();
            }
            log(
                    level,
                    stations.contains(change.source()),
                    spec.name() + ": " + failure + ChangeText.describe(change));
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }

        /** While one notice waits to be logged the others are counted. */
        @Override
        public void refused(Change.Kind kind, long source, long more) {
            if (refusalWaits.compareAndSet(false, true)) {
                thread.execute(() -> tellOfRefusal(kind, source, more));
            } else {
                refusedSince.addAndGet(1 + more);
            }
        }

        private void tellOfRefusal(Change.Kind kind, long source, long more) {
            refusalWaits.set(false);
            long others = more + refusedSince.getAndSet(0);
            log(
                    Level.WARNING,
                    stations.contains(source),
                    spec.name()
                            + ": "
                            + Mac.format(source)
                            + " may not change the "
                            + ChangeText.name(kind)
                            + (others == 0 ? "" : "; " + others + " more were refused"));
        }
    }
}
