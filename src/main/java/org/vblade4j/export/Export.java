// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.net.PortFactory;
import org.vblade4j.target.StationActivity;
import org.vblade4j.target.Stations;

/**
 * One run of one export, from opening its device to closing it. Everything belongs to one thread,
 * {@code export:NAME/0} in a thread group {@code export:NAME}: it opens the store and the port,
 * serves, and closes both, also when something throws. Whatever is thrown, be it an Error, ends
 * this export and nothing else.
 *
 * <p>Once it has served it outlives its interface and its device: while one of them is gone it
 * waits, keeps what it knows, and goes on when it is back.
 *
 * <p>The methods may be called by any thread.
 */
public final class Export {
    /** Told on the export's own thread. */
    public interface Listener {
        /** It is announced and serves. Left out when it does not get there. */
        void started(Export export);

        /** The last call: everything is closed. {@code cause} is null after an orderly stop. */
        void ended(Export export, Throwable cause);
    }

    private final ExportSpec spec;
    private final Listener listener;
    private final Stations stations;
    private final StatusBoard board;
    private final ThreadGroup group;
    private final Serving serving;
    private final Thread thread;
    private final CountDownLatch startedOrEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Throwable failure;

    private Export(
            ExportSpec spec,
            StoreOpener stores,
            Surroundings around,
            PortSettings settings,
            boolean crowded,
            Runnable beforeAnnouncing,
            Listener listener) {
        this.spec = spec;
        this.listener = listener;
        this.stations = Targets.stations(spec);
        this.group = new ThreadGroup("export:" + spec.name());
        this.board = new StatusBoard(spec);
        Serving.Progress progress =
                new Serving.Progress() {
                    @Override
                    public void opened() {
                        beforeAnnouncing.run();
                    }

                    @Override
                    public void begun() {
                        startedOrEnded.countDown();
                        listener.started(Export.this);
                    }
                };
        this.serving =
                new Serving(spec, stores, around, settings, crowded, stations, board, progress);
        this.thread = new Thread(group, this::run, "export:" + spec.name() + "/0");
        this.thread.setDaemon(true);
    }

    /**
     * Begins to start an export and returns at once; see {@link #awaitStarted}.
     *
     * @param crowded one of many: it shall do with little memory where the settings leave it open
     * @param beforeAnnouncing called on its own thread when all is open
     */
    static Export start(
            ExportSpec spec,
            Surroundings around,
            PortSettings settings,
            boolean crowded,
            Runnable beforeAnnouncing,
            Listener listener) {
        StoreOpener stores = StoreOpener::device;
        return started(
                new Export(spec, stores, around, settings, crowded, beforeAnnouncing, listener));
    }

    /**
     * Begins to start an export that stands alone.
     *
     * @param receiveFrames frames the receive ring holds, at least; see {@link PortSettings}
     */
    public static Export start(
            ExportSpec spec, PortFactory ports, int receiveFrames, Listener listener) {
        return start(spec, StoreOpener::device, ports, receiveFrames, listener);
    }

    static Export start(
            ExportSpec spec,
            StoreOpener stores,
            PortFactory ports,
            int receiveFrames,
            Listener listener) {
        PortSettings settings =
                new PortSettings(PortKind.RING, receiveFrames, PortSettings.DEFAULTS.spinUs());
        Surroundings around = Surroundings.of(ports);
        return started(new Export(spec, stores, around, settings, false, () -> {}, listener));
    }

    private static Export started(Export export) {
        export.thread.start();
        return export;
    }

    /** Goes on with other settings; opens its port anew if that takes another ring. */
    public void apply(PortSettings newer) {
        serving.apply(newer);
        LockSupport.unpark(thread);
    }

    public ExportSpec spec() {
        return spec;
    }

    /** Waits until it serves; false when it ended first, or the time has passed. */
    public boolean awaitStarted(Duration patience) throws InterruptedException {
        return startedOrEnded.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                && !board.isEmpty()
                && failure == null;
    }

    /** Waits until everything is closed; false when the time has passed. */
    public boolean awaitEnded(Duration patience) throws InterruptedException {
        return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Why it ended, if it ended by something that was thrown. */
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Empty until it serves; stays after the end as it was last. */
    public Optional<ExportStatus> status() {
        return board.read(group.activeCount(), serving.spinUs());
    }

    /** What each station has done with it, in no order. */
    public List<StationActivity> activities() {
        return stations.activities();
    }

    /**
     * Has it answer what it has taken in, flush and close; returns at once. It ends when the device
     * has finished all that, however long it takes.
     */
    public void stop() {
        serving.stop();
        LockSupport.unpark(thread);
    }

    private void run() {
        Throwable cause = null;
        try {
            serving.run();
        } catch (Throwable e) { // any Error too: it must end this export, and only this one
            cause = e;
        }
        failure = cause;
        startedOrEnded.countDown();
        try {
            listener.ended(this, cause);
        } finally {
            ended.countDown();
        }
    }
}
