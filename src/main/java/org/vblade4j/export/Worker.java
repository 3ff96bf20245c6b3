// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.target.AoeTarget;

/**
 * Moves frames from the port through the target and answers back, a batch at a time. Nothing is
 * allocated in a turn.
 *
 * <p>Before it sleeps it looks for work a little longer, but only when the last pause was short
 * enough for that to pay: an idle export costs no processor time.
 */
final class Worker {
    /** Adjacent requests of one batch are merged; a larger one answers its first request later. */
    private static final int BATCH = 32;

    /**
     * How late a changed size of the store is noticed: at first, and after some time without work.
     */
    private static final long IDLE_NS = 1_000_000_000L;

    private static final long MAX_IDLE_NS = 8 * IDLE_NS;

    /** A store with requests in progress must be polled when it does not tell. */
    private static final long BUSY_NS = 1_000_000L;

    private static final int NOTHING = -1;

    private final EthernetPort port;
    private final AoeTarget target;
    private final BlockStore store;
    private final LongSupplier spinNs;
    private final BooleanSupplier stopping;
    private final Runnable beforeSleep;
    private final int readyFd;
    private final boolean watched;
    private long idleNs = IDLE_NS;
    private boolean spinning;
    private boolean flushed;

    Worker(
            EthernetPort port,
            AoeTarget target,
            BlockStore store,
            LongSupplier spinNs,
            BooleanSupplier stopping,
            Runnable beforeSleep) {
        this.port = port;
        this.target = target;
        this.store = store;
        this.spinNs = spinNs;
        this.stopping = stopping;
        this.beforeSleep = beforeSleep;
        this.readyFd = store.readyFd();
        this.watched = port.watch(readyFd) && readyFd >= 0;
    }

    /** Serves until it is to stop, or the port has become too small for its interface. */
    void serve() throws PortException {
        while (!stopping.getAsBoolean() && !port.outgrown()) {
            // Who may not spin may as well sleep at once: what is there by then ends that at once.
            if (turn() == 0 || spinNs.getAsLong() == 0) {
                idle();
            }
        }
    }

    private int turn() throws PortException {
        int moved = port.receive(target, BATCH) + target.poll();
        target.flush();
        return moved;
    }

    private void idle() throws PortException {
        long sinceNs = System.nanoTime();
        // Requests in progress here wait for a disk, whose end the descriptor tells: no spinning.
        boolean spins = spinning && (target.idle() || !watched);
        while (spins && System.nanoTime() - sinceNs < spinNs.getAsLong()) {
            Thread.onSpinWait();
            if (turn() > 0) {
                return;
            }
        }
        beforeSleep.run();
        boolean nothingToDo = target.idle();
        if (watched) { // only for as long as it may tell something: each descriptor costs
            port.watch(nothingToDo ? NOTHING : readyFd);
        }
        port.await(nothingToDo ? idleNs : watched ? IDLE_NS : BUSY_NS);
        long pauseNs = System.nanoTime() - sinceNs;
        spinning = pauseNs < spinNs.getAsLong();
        idleNs = nothingToDo && pauseNs >= idleNs ? Math.min(2 * idleNs, MAX_IDLE_NS) : IDLE_NS;
    }

    /**
     * Takes nothing more in, answers what is in progress, and has the store put everything on the
     * medium.
     *
     * @throws IOException when the store does not finish within the time, or fails to flush
     */
    void drain(long patienceNs) throws IOException {
        long startNs = System.nanoTime();
        while (!target.idle()) {
            await(startNs, patienceNs, "requests in progress");
        }
        target.flush();
        if (store.traits().readOnly()) {
            return;
        }
        StoreRequest request = new StoreRequest(done -> flushed = true);
        store.submit(request.flush());
        while (!flushed) {
            await(startNs, patienceNs, "its flush");
        }
        if (request.status() != StoreStatus.OK) {
            throw new IOException("flush of the store failed: " + request.status());
        }
    }

    /**
     * For a port or a store that is lost: takes nothing more in and waits until the store needs
     * none of the port's memory.
     *
     * @throws IOException when the store does not finish within the time
     */
    void abandon(long patienceNs) throws IOException {
        long startNs = System.nanoTime();
        while (!target.idle()) {
            if (System.nanoTime() - startNs > patienceNs) {
                throw new IOException("the store did not finish requests in progress in time");
            }
            boolean worked = target.poll() > 0;
            try {
                target.flush();
            } catch (PortException e) {
                // There is nobody to tell: the initiators ask again.
            }
            if (!worked && !target.idle()) {
                LockSupport.parkNanos(BUSY_NS);
            }
        }
    }

    private void await(long startNs, long patienceNs, String what) throws IOException {
        if (System.nanoTime() - startNs > patienceNs) {
            throw new IOException("the store did not finish " + what + " in time");
        }
        if (target.poll() == 0) {
            port.await(BUSY_NS);
        }
        target.flush();
    }
}
