// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.StateKeeper;
import org.vblade4j.target.StationActivity;
import org.vblade4j.target.Stations;
import org.vblade4j.target.TargetState;

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

    /** Beyond the buffer count, for other requests than ATA, errors and announcements. */
    private static final int SPARE_SLOTS = 64;

    private static final int MAX_SLOTS = 512;
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(5);

    /** How late an interface that has come back is noticed. */
    private static final long PORT_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final Logger LOG = System.getLogger(Export.class.getName());

    private final ExportSpec spec;
    private final StoreOpener stores;
    private final Surroundings around;
    private final AddressGuard addressGuard;
    private final Runnable beforeAnnouncing;
    private final boolean crowded;
    private final Listener listener;
    private final Counters counters = new Counters();
    private final Stations stations;
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
            Surroundings around,
            PortSettings settings,
            boolean crowded,
            Runnable beforeAnnouncing,
            Listener listener) {
        this.spec = spec;
        this.stores = stores;
        this.around = around;
        this.addressGuard = new AddressGuard(spec, around.ports());
        this.settings = settings;
        this.crowded = crowded;
        this.beforeAnnouncing = beforeAnnouncing;
        this.listener = listener;
        this.stations = Targets.stations(spec);
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

    /** What each station has done with it, in no order. */
    public List<StationActivity> activities() {
        return stations.activities();
    }

    /** Has it answer what it has taken in, flush and close; returns at once. */
    public void stop() {
        stopping = true;
        LockSupport.unpark(thread);
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
        try (Backend backend = Backend.open(spec, stores, around.claims())) {
            TargetState state =
                    new TargetState(spec.options().allowedMacs(), around.changes().load(spec));
            do {
                openedFrames = receiveFrames();
                try (EthernetPort opened = openPort()) {
                    port = opened;
                    if (status == null) {
                        addressGuard.probe();
                    }
                    if (opened != null) {
                        serveOn(opened, backend, state);
                    }
                }
            } while (!stopping);
        }
    }

    private boolean ringChanged() {
        return receiveFrames() != openedFrames;
    }

    /** The first time at once or not at all; later it waits for its interface. Null to stop. */
    private EthernetPort openPort() throws PortException {
        if (status == null) {
            return around.ports().open(portOptions(), counters);
        }
        while (!stopping) {
            try {
                return around.ports().open(portOptions(), counters);
            } catch (PortException e) {
                LockSupport.parkNanos(PORT_RETRY_NS);
            }
        }
        return null;
    }

    /** Serves until it is to stop, needs another port, or has lost this one. */
    private void serveOn(EthernetPort opened, Backend backend, TargetState state)
            throws IOException {
        try {
            do {
                serve(opened, backend, state);
            } while (!stopping && !opened.outgrown() && !ringChanged());
        } catch (PortException e) {
            if (status == null) {
                throw e;
            }
            String what = "interface " + spec.interfaceName();
            LOG.log(Level.WARNING, "{0}: {1}; waiting for {2}", spec.name(), e.getMessage(), what);
            publish(status.sectors(), status.engine(), status.mac(), status.mtuBytes(), what);
        }
    }

    /** The same, or until the device is lost, or found again. */
    private void serve(EthernetPort opened, Backend backend, TargetState state) throws IOException {
        BlockStore store = backend.store();
        StateKeeper keeper = around.changes().keeper(spec, opened::wakeUp);
        AoeTarget target =
                new AoeTarget(
                        Targets.settings(spec), state, stations, keeper, opened, store, counters);
        boolean wasAway = backend.away();
        BooleanSupplier lost = () -> target.storeAway() || backend.emptied();
        BooleanSupplier ending =
                () ->
                        stopping
                                || ringChanged()
                                || (wasAway ? backend.regained() : lost.getAsBoolean());
        Worker worker =
                new Worker(
                        opened,
                        target,
                        store,
                        () -> settings.spinUs() * 1000L,
                        ending,
                        () -> {
                            addressGuard.attend(target, opened);
                            look(backend, opened);
                        });
        try {
            if (!stopping) {
                begin(target, backend, opened);
                worker.serve();
            }
        } catch (PortException e) {
            worker.abandon(DRAIN_NS);
            throw e;
        }
        if (lost.getAsBoolean() && !wasAway) {
            worker.abandon(DRAIN_NS);
            backend.lose();
        } else if (!wasAway) {
            worker.drain(DRAIN_NS);
        }
    }

    private void begin(AoeTarget target, Backend backend, EthernetPort opened)
            throws PortException {
        if (startedOrEnded.getCount() > 0) {
            beforeAnnouncing.run();
        }
        target.announce();
        target.flush();
        addressGuard.begin();
        boolean waited = status != null && !status.waitingFor().isEmpty();
        look(backend, opened);
        if (waited && status.waitingFor().isEmpty()) {
            LOG.log(Level.INFO, "{0}: serving again on {1}", spec.name(), spec.interfaceName());
        }
        if (startedOrEnded.getCount() > 0) {
            startedOrEnded.countDown();
            listener.started(this);
        }
    }

    private PortOptions portOptions() {
        int buffers = spec.options().bufferCount();
        return PortOptions.forTarget(
                spec.interfaceName(),
                spec.address(),
                openedFrames,
                Math.min(buffers + SPARE_SLOTS, MAX_SLOTS));
    }

    private int receiveFrames() {
        return RingFrames.of(spec.options().bufferCount(), settings.receiveFrames(), crowded);
    }

    /** What may change while it serves. */
    private void look(Backend backend, EthernetPort served) {
        backend.noteSize();
        BlockStore store = backend.store();
        publish(
                store.sectors(),
                store.traits().engine(),
                served.mac(),
                served.mtuBytes(),
                backend.reason());
    }

    /**
     * @param waitingFor what it cannot serve without; empty when it has all
     */
    private void publish(long sectors, String engine, long mac, int mtuBytes, String waitingFor) {
        ExportStatus last = status;
        if (last == null
                || last.sectors() != sectors
                || last.mac() != mac
                || last.mtuBytes() != mtuBytes
                || last.spinUs() != settings.spinUs()
                || last.rivalMac() != addressGuard.rival()
                || !last.waitingFor().equals(waitingFor)) {
            status =
                    new ExportStatus(
                            sectors,
                            ExportStatus.openMode(spec.options()),
                            spec.options().durability().label(),
                            engine,
                            mac,
                            mtuBytes,
                            group.activeCount(),
                            settings.spinUs(),
                            waitingFor,
                            addressGuard.rival(),
                            counters);
        }
    }
}
