// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
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
    private static final int MAX_RECEIVE_FRAMES = 4096;
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    private final ExportSpec spec;
    private final StoreOpener stores;
    private final PortFactory ports;
    private final int receiveFrames;
    private final Listener listener;
    private final Counters counters = new Counters();
    private final ThreadGroup group;
    private final Thread thread;
    private final CountDownLatch startedOrEnded = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile EthernetPort port;
    private volatile ExportStatus status;
    private volatile Throwable failure;
    private volatile boolean stopping;

    private Export(
            ExportSpec spec,
            StoreOpener stores,
            PortFactory ports,
            int receiveFrames,
            Listener listener) {
        this.spec = spec;
        this.stores = stores;
        this.ports = ports;
        this.receiveFrames = receiveFrames;
        this.listener = listener;
        this.group = new ThreadGroup("export:" + spec.name());
        this.thread = new Thread(group, this::run, "export:" + spec.name() + "/0");
        this.thread.setDaemon(true);
    }

    /**
     * Begins to start an export and returns at once; see {@link #awaitStarted}.
     *
     * @param receiveFrames frames the receive ring holds, at least; see {@link
     *     org.vblade4j.config.DaemonSettings}
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
        Export export = new Export(spec, stores, ports, receiveFrames, listener);
        export.thread.start();
        return export;
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
            boolean outgrown;
            do {
                try (EthernetPort opened = ports.open(portOptions(), counters)) {
                    port = opened;
                    serve(store, state, opened);
                    outgrown = opened.outgrown();
                }
            } while (outgrown && !stopping);
        }
    }

    /** Serves until it is to stop, or needs a larger port. */
    private void serve(BlockStore store, TargetState state, EthernetPort opened)
            throws IOException {
        ExportOptions options = spec.options();
        TargetSettings settings =
                new TargetSettings(
                        spec.address(),
                        options.bufferCount(),
                        options.allowedMacs(),
                        Identities.of(spec));
        AoeTarget target = new AoeTarget(settings, state, opened, store, counters);
        Runnable publish = () -> publish(store, opened);
        Worker worker = new Worker(opened, target, store, () -> stopping, publish);
        if (!stopping) {
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
                Math.max(receiveFrames, Math.min(buffers, MAX_RECEIVE_FRAMES)),
                Math.min(buffers + SPARE_SLOTS, MAX_SLOTS));
    }

    /** Size, MTU and address may change while it serves. */
    private void publish(BlockStore store, EthernetPort served) {
        ExportStatus last = status;
        if (last == null
                || last.sectors() != store.sectors()
                || last.mac() != served.mac()
                || last.mtuBytes() != served.mtuBytes()) {
            status =
                    new ExportStatus(
                            store.sectors(),
                            openMode(spec.options()),
                            served.mac(),
                            served.mtuBytes(),
                            group.activeCount(),
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
