// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.PortSettings;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.StateKeeper;
import org.vblade4j.target.Stations;
import org.vblade4j.target.TargetState;

/**
 * What an export's thread does: opens the device and a port, serves, goes on with other ports and
 * the device found again, flushes and closes. Memory that the kernel may still read or write, and
 * the claim that keeps others off the device, stay until the last operation on the device has
 * ended, however long that takes; only then comes another port, or the end.
 *
 * <p>{@link #apply} and {@link #stop} may be called by any thread.
 */
final class Serving {
    /** What it comes to; told on its own thread. */
    interface Progress {
        /** All is open, for the first time. */
        void opened();

        /** It is announced and serves, for the first time. */
        void begun();
    }

    /** Beyond the buffer count, for other requests than ATA, errors and announcements. */
    private static final int SPARE_SLOTS = 96;

    private static final int MAX_SLOTS = 512;

    /** How late a changed size of the store, or another target at the address, is noticed. */
    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

    /** How late a device that has come back is noticed. */
    private static final long AWAY_TICK_NS = TimeUnit.MILLISECONDS.toNanos(500);

    /** How late an interface that has come back is noticed. */
    private static final long PORT_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long a port stays open for the answer to a change that is still being kept. */
    private static final long KEEPING_PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = System.getLogger(Serving.class.getName());

    private final ExportSpec spec;
    private final StoreOpener stores;
    private final Surroundings around;
    private final boolean crowded;
    private final Progress progress;
    private final Counters counters;
    private final Stations stations;
    private final AddressGuard addressGuard;
    private final StateKeeper keeper;
    private final StatusBoard board;
    private final LongWait waits;
    private final StallReport stalls;
    private final Heartbeat heartbeat = new Heartbeat();
    private final StandIn standIn;
    private volatile EthernetPort port;
    private volatile PortSettings settings;
    private volatile boolean stopping;
    private boolean begun;
    private int openedFrames;

    /**
     * @param crowded one of many: it shall do with little memory where the settings leave it open
     */
    Serving(
            ExportSpec spec,
            StoreOpener stores,
            Surroundings around,
            PortSettings settings,
            boolean crowded,
            Stations stations,
            StatusBoard board,
            Progress progress) {
        this.spec = spec;
        this.stores = stores;
        this.around = around;
        this.settings = settings;
        this.crowded = crowded;
        this.stations = stations;
        this.board = board;
        this.progress = progress;
        counters = board.counters();
        addressGuard = new AddressGuard(spec, around.ports(), System::nanoTime);
        keeper = around.changes().keeper(spec, this::wakeUp);
        stalls = new StallReport(spec, Instant::now);
        standIn =
                new StandIn(
                        spec,
                        around.ports(),
                        heartbeat,
                        () -> board.read(0, 0).map(ExportStatus::sectors).orElse(0L),
                        board::override);
        waits =
                new LongWait(
                        spec.name(),
                        System::nanoTime,
                        Instant::now,
                        LockSupport::parkNanos,
                        board::waitsFor);
    }

    /** Goes on with other settings; opens its port anew if that takes another ring. */
    void apply(PortSettings newer) {
        settings = newer;
        wakeUp();
    }

    /** How many microseconds it looks for the next request before it sleeps, as set now. */
    int spinUs() {
        return settings.spinUs();
    }

    /** Has it end in order. Who waits for an interface must be unparked besides. */
    void stop() {
        stopping = true;
        standIn.end();
        wakeUp();
    }

    private void wakeUp() {
        EthernetPort served = port;
        if (served != null) {
            served.wakeUp();
        }
    }

    /** All of it, on one thread, which it keeps until everything is closed. */
    void run() throws IOException {
        standIn.start();
        try {
            openAndServe();
        } finally {
            standIn.end();
        }
    }

    private void openAndServe() throws IOException {
        try (Backend backend = Backend.open(spec, stores, around.claims())) {
            TargetState state =
                    new TargetState(spec.options().allowedMacs(), around.changes().load(spec));
            do {
                serveOnAPort(backend, state);
            } while (!stopping);
            backend.flush(waits);
        }
    }

    /** Serves until it is to stop, or needs another port. */
    private void serveOnAPort(Backend backend, TargetState state) throws IOException {
        try (EthernetPort opened = openPort()) {
            port = opened;
            if (opened != null) {
                if (!begun) {
                    addressGuard.probe();
                }
                serveOn(opened, backend, state);
            }
        }
    }

    private boolean ringChanged() {
        return receiveFrames() != openedFrames;
    }

    /** The first time at once or not at all; later it waits for its interface. Null to stop. */
    private EthernetPort openPort() throws PortException {
        String complaint = "";
        while (!stopping) {
            openedFrames = receiveFrames();
            try {
                return around.ports().open(portOptions(), counters);
            } catch (PortException e) {
                if (!begun) {
                    throw e;
                }
                if (!complaint.equals(e.getMessage())) {
                    complaint = e.getMessage();
                    board.waitsFor("interface " + complaint);
                    LOG.log(
                            Level.WARNING,
                            "{0}: waiting for interface {1}",
                            spec.name(),
                            complaint);
                }
                LockSupport.parkNanos(PORT_RETRY_NS);
            }
        }
        return null;
    }

    private void serveOn(EthernetPort opened, Backend backend, TargetState state)
            throws IOException {
        try {
            boolean usable;
            do {
                usable = serve(opened, backend, state);
            } while (usable && !stopping && !opened.outgrown() && !ringChanged());
        } catch (Throwable e) { // a defect, with anything in progress
            outlast(backend, e);
            throw e;
        }
    }

    /** The port's memory goes next, and the kernel may still be at work in it. */
    private void outlast(Backend backend, Throwable defect) {
        board.waitsFor("requests in progress on " + spec.device() + ", to end by " + defect);
        LOG.log(
                Level.WARNING,
                "{0}: ends when {1} has finished what is in progress: {2}",
                spec.name(),
                spec.device(),
                defect.toString());
        try {
            backend.close();
        } catch (IOException | RuntimeException e) {
            defect.addSuppressed(e);
        }
    }

    /**
     * The same, or until the device is lost, or found again. Nothing is in progress after it.
     *
     * @return false when the port is of no more use
     */
    private boolean serve(EthernetPort opened, Backend backend, TargetState state)
            throws PortException {
        BlockStore store = backend.store();
        AoeTarget target =
                new AoeTarget(
                        Targets.settings(spec), state, stations, keeper, opened, store, counters);
        boolean wasAway = backend.away();
        if (wasAway) {
            target.storeAwaySince(backend.lostNs());
        }
        BooleanSupplier lost = () -> !wasAway && (target.storeAway() || backend.emptied());
        Worker worker =
                new Worker(
                        opened,
                        target,
                        store,
                        System::nanoTime,
                        () -> spinUs() * 1000L,
                        () ->
                                stopping
                                        || ringChanged()
                                        || lost.getAsBoolean()
                                        || backend.away() != wasAway,
                        tick(target, opened, backend),
                        heartbeat);
        PortException loss = null;
        try {
            if (!stopping) {
                begin(target, backend, opened);
                worker.serve();
            }
        } catch (PortException e) {
            loss = e;
            tellOf(e);
        }
        waits.until(settled(worker, target), () -> inProgress(target));
        if (lost.getAsBoolean()) {
            backend.lose();
        }
        if (loss != null) {
            board.waitsFor("interface " + spec.interfaceName());
        }
        return loss == null;
    }

    /**
     * A change is waited for a little, so that who asked for it is told; it is kept all the same.
     */
    private static BooleanSupplier settled(Worker worker, AoeTarget target) {
        long startNs = System.nanoTime();
        return () ->
                worker.settle()
                        || (target.inProgress() == 0
                                && System.nanoTime() - startNs > KEEPING_PATIENCE_NS);
    }

    private String inProgress(AoeTarget target) {
        int requests = target.inProgress();
        return requests == 0
                ? "what an initiator changed to be kept"
                : requests + " requests in progress on " + spec.device();
    }

    private Tick tick(AoeTarget target, EthernetPort opened, Backend backend) {
        return new Tick(
                System::nanoTime,
                backend.away() ? AWAY_TICK_NS : TICK_NS,
                () -> {
                    if (backend.away()) {
                        backend.tryToRegain();
                    }
                    addressGuard.attend(target, opened);
                    look(target, backend, opened);
                });
    }

    /** A port that is lost before it has served ends the export. */
    private void tellOf(PortException loss) throws PortException {
        if (!begun) {
            throw loss;
        }
        LOG.log(
                Level.WARNING,
                "{0}: {1}; waiting for interface {2}",
                spec.name(),
                loss.getMessage(),
                spec.interfaceName());
    }

    private void begin(AoeTarget target, Backend backend, EthernetPort opened)
            throws PortException {
        if (!begun) {
            progress.opened();
        }
        target.announce();
        target.flush();
        addressGuard.begin();
        boolean waited = board.waits();
        look(target, backend, opened);
        if (waited && !board.waits()) {
            LOG.log(Level.INFO, "{0}: serving again on {1}", spec.name(), spec.interfaceName());
        }
        if (!begun) {
            begun = true;
            progress.begun();
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
    private void look(AoeTarget target, Backend backend, EthernetPort served) {
        backend.noteSize();
        BlockStore store = backend.store();
        board.publish(
                store.sectors(),
                store.traits().engine(),
                served.mac(),
                served.mtuBytes(),
                addressGuard.rival(),
                stalls.text(backend.reason(), target.stallLimit()));
    }
}
