// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortSettings;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.target.TargetState;

/**
 * One run of one export, from opening its device to closing it. Everything belongs to one thread,
 * {@code export:NAME/0} in a thread group {@code export:NAME}: it opens the store and the port,
 * serves, and closes both, also when something throws. Whatever is thrown, be it an Error, ends
 * this export and nothing else.
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

    /** Beyond the buffer count, for other requests than ATA, errors and announcements. */
    private static final int SPARE_SLOTS = 64;

    private static final int MAX_SLOTS = 512;
    private static final int MIN_RECEIVE_FRAMES = 16;
    private static final int MAX_RECEIVE_FRAMES = 4096;

    /** Frames a buffer and altogether when the program chooses, for one of few exports. */
    private static final int ROOMY_FRAMES = 8;

    private static final int MAX_ROOMY_FRAMES = 512;

    /** Frames beyond the buffers for one of many. */
    private static final int CROWDED_FRAMES = 32;

    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final ExportSpec spec;
    private final StoreOpener stores;
    private final PortFactory ports;
    private final Runnable beforeAnnouncing;
    private final boolean crowded;
    private final Listener listener;
    private final Counters counters = new Counters();
    private final ThreadGroup group;
    private final Thread thread;
    private final CountDownLatch startedOrEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile EthernetPort port;
    private volatile ExportStatus status;
    private volatile Throwable failure;
    private volatile PortSettings settings;
    private volatile boolean stopping;
    private int openedFrames;

    private Export(
            ExportSpec spec,
            StoreOpener stores,
            PortFactory ports,
            PortSettings settings,
            boolean crowded,
            Runnable beforeAnnouncing,
            Listener listener) {
        this.spec = spec;
        this.stores = stores;
        this.ports = ports;
        this.settings = settings;
        this.crowded = crowded;
        this.beforeAnnouncing = beforeAnnouncing;
        this.listener = listener;
        this.group = new ThreadGroup("export:" + spec.name());
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
            PortFactory ports,
            PortSettings settings,
            boolean crowded,
            Runnable beforeAnnouncing,
            Listener listener) {
        StoreOpener stores = StoreOpener::device;
        return started(
                new Export(spec, stores, ports, settings, crowded, beforeAnnouncing, listener));
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
        PortSettings settings = new PortSettings(receiveFrames, PortSettings.DEFAULTS.spinUs());
        return started(new Export(spec, stores, ports, settings, false, () -> {}, listener));
    }

    private static Export started(Export export) {
        export.thread.start();
        return export;
    }

    /** Goes on with other settings; opens its port anew if that takes another ring. */
    public void apply(PortSettings newer) {
        settings = newer;
        EthernetPort served = port;
        if (served != null) {
            served.wakeUp();
        }
    }

    public ExportSpec spec() {
        return spec;
    }

    /** Waits until it serves; false when it ended first, or the time has passed. */
    public boolean awaitStarted(Duration patience) throws InterruptedException {
        return startedOrEnded.await(patience.toNanos(), TimeUnit.NANOSECONDS)
                && status != null
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
        return Optional.ofNullable(status);
    }

    /** Has it answer what it has taken in, flush and close; returns at once. */
    public void stop() {
        stopping = true;
        EthernetPort served = port;
        if (served != null) {
            served.wakeUp();
        }
    }

    /**
     * For a thread that hangs in a system call after {@link #stop}: interrupts it, which closes the
     * file it may be waiting for. What is not on the medium by then may be lost.
     */
    public void force() {
        stop();
        thread.interrupt();
    }

    private void run() {
        Throwable cause = null;
        try {
            openAndServe();
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

    private void openAndServe() throws IOException {
        try (BlockStore store = stores.open(spec)) {
            TargetState state = new TargetState(spec.options().allowedMacs());
            boolean again;
            do {
                openedFrames = receiveFrames();
                try (EthernetPort opened = ports.open(portOptions(), counters)) {
                    port = opened;
                    serve(store, state, opened);
                    again = opened.outgrown() || ringChanged();
                }
            } while (again && !stopping);
        }
    }

    private boolean ringChanged() {
        return receiveFrames() != openedFrames;
    }

    /** Serves until it is to stop, or needs another port. */
    private void serve(BlockStore store, TargetState state, EthernetPort opened)
            throws IOException {
        ExportOptions options = spec.options();
        TargetSettings about =
                new TargetSettings(
                        spec.address(),
                        options.bufferCount(),
                        options.allowedMacs(),
                        Identities.of(spec),
                        options.io().roundSectors());
        AoeTarget target = new AoeTarget(about, state, opened, store, counters);
        Runnable publish = () -> publish(store, opened);
        Worker worker =
                new Worker(
                        opened,
                        target,
                        store,
                        () -> settings.spinUs() * 1000L,
                        () -> stopping || ringChanged(),
                        publish);
        if (!stopping) {
            beforeAnnouncing.run();
            target.announce();
            opened.flush();
            publish.run();
            if (startedOrEnded.getCount() > 0) {
                startedOrEnded.countDown();
                listener.started(this);
            }
            worker.serve();
        }
        worker.drain(DRAIN_NS);
    }

    private PortOptions portOptions() {
        int buffers = spec.options().bufferCount();
        return PortOptions.forTarget(
                spec.interfaceName(),
                spec.address(),
                openedFrames,
                Math.min(buffers + SPARE_SLOTS, MAX_SLOTS));
    }

    /** A ring holds at least what all buffers need, be that set or not. */
    private int receiveFrames() {
        int buffers = Math.min(spec.options().bufferCount(), MAX_RECEIVE_FRAMES);
        int chosen =
                crowded
                        ? buffers + CROWDED_FRAMES
                        : Math.min(ROOMY_FRAMES * buffers, MAX_ROOMY_FRAMES);
        int wanted = settings.receiveFrames() == 0 ? chosen : settings.receiveFrames();
        return Math.max(MIN_RECEIVE_FRAMES, Math.max(wanted, buffers));
    }

    /** Size, MTU and address may change while it serves. */
    private void publish(BlockStore store, EthernetPort served) {
        ExportStatus last = status;
        if (last == null
                || last.sectors() != store.sectors()
                || last.mac() != served.mac()
                || last.mtuBytes() != served.mtuBytes()
                || last.spinUs() != settings.spinUs()) {
            status =
                    new ExportStatus(
                            store.sectors(),
                            openMode(spec.options()),
                            spec.options().durability().label(),
                            store.traits().engine(),
                            served.mac(),
                            served.mtuBytes(),
                            group.activeCount(),
                            settings.spinUs(),
                            counters);
        }
    }

    /** In the words of vblade's own status line. */
    private static String openMode(ExportOptions options) {
        return (options.readOnly() ? "O_RDONLY" : "O_RDWR")
                + (options.direct() ? "|O_DIRECT" : "")
                + (options.synced() ? "|O_SYNC" : "");
    }
}
