// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
 */
public final class ChangeLog {
    private static final Logger LOG = System.getLogger(ChangeLog.class.getName());
    private static final long IDLE_S = 10;

    private final Optional<Path> directory;
    private final Function<ExportSpec, String> key;
    private final ThreadPoolExecutor thread;

    private ChangeLog(Optional<Path> directory, Function<ExportSpec, String> key) {
        this.directory = directory;
        this.key = key;
        ThreadGroup group = new ThreadGroup("changes"); // not that of the export that asks first
        this.thread =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE_S,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread started = new Thread(group, task, "changes");
                            started.setDaemon(true);
                            return started;
                        });
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

    private final class Keeper implements StateKeeper {
        private final ExportSpec spec;
        private final Optional<StateFile> file;
        private final Runnable finished;
        private volatile Outcome outcome = Outcome.KEPT;

        Keeper(ExportSpec spec, Optional<StateFile> file, Runnable finished) {
            this.spec = spec;
            this.file = file;
            this.finished = finished;
        }

        @Override
        public void begin(Change change) {
            outcome = file.isPresent() ? Outcome.PENDING : Outcome.KEPT;
            thread.execute(() -> keep(change));
        }

        private void keep(Change change) {
            Outcome result = Outcome.FAILED;
            try {
                if (file.isPresent()) {
                    file.get().write(change.after());
                }
                result = Outcome.KEPT;
                LOG.log(Level.INFO, "{0}: {1}", spec.name(), ChangeText.describe(change));
            } catch (IOException e) {
                LOG.log(
                        Level.ERROR,
                        "{0}: refused, because it cannot be kept ({1}): {2}",
                        spec.name(),
                        e.toString(),
                        ChangeText.describe(change));
            } finally {
                outcome = result;
                finished.run();
            }
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }

        @Override
        public void refused(Change.Kind kind, long source, long more) {
            thread.execute(
                    () ->
                            LOG.log(
                                    Level.WARNING,
                                    "{0}: {1} may not change the {2}{3}",
                                    spec.name(),
                                    Mac.format(source),
                                    ChangeText.name(kind),
                                    more == 0 ? "" : "; " + more + " more were refused"));
        }
    }
}
