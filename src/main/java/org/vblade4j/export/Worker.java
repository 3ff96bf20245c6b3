// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;

/**
 * Moves frames from the port through the target and answers back, a batch at a time. Nothing is
 * allocated in a turn. {@link #serve} is all of it; {@link #turn} and {@link #settle} are its
 * steps, which never wait.
 *
 * <p>Before it sleeps it looks for work a little longer, but only when the last pause was short
 * enough for that to pay: an idle export costs no processor time but that of its tick.
 */
final class Worker {
    /** Adjacent requests of one batch are merged; a larger one answers its first request later. */
    private static final int BATCH = 32;

    /** A store with requests in progress must be polled when it does not tell. */
    private static final long BUSY_NS = 1_000_000L;

    private static final int NOTHING = -1;

    private final EthernetPort port;
    private final AoeTarget target;
    private final LongSupplier clockNs;
    private final LongSupplier spinNs;
    private final BooleanSupplier ending;
    private final Tick tick;
    private final Heartbeat heartbeat;
    private final int readyFd;
    private final boolean watched;
    private boolean spinning;

    /**
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     * @param spinNs how long it looks for work before it sleeps; may change
     * @param ending true when it shall serve no longer; asked in each turn, so it must cost nothing
     * @param tick done between two turns
     * @param heartbeat shows others that it serves
     */
    Worker(
            EthernetPort port,
            AoeTarget target,
            BlockStore store,
            LongSupplier clockNs,
            LongSupplier spinNs,
            BooleanSupplier ending,
            Tick tick,
            Heartbeat heartbeat) {
        this.port = port;
        this.target = target;
        this.clockNs = clockNs;
        this.spinNs = spinNs;
        this.ending = ending;
        this.tick = tick;
        this.heartbeat = heartbeat;
        this.readyFd = store.readyFd();
        this.watched = port.watch(readyFd) && readyFd >= 0;
    }

    /** Serves until it is to end, or the port has become too small for its interface. */
    void serve() throws PortException {
        while (!ending.getAsBoolean() && !port.outgrown()) {
            // Who may not spin may as well sleep at once: what is there by then ends that at once.
            if (turn() == 0 || spinNs.getAsLong() == 0) {
                idle();
            }
        }
    }

    /**
     * Does what there is to do now, without waiting: the tick if it is due, a batch of frames, what
     * the store has finished, the answers.
     *
     * @return frames taken in and requests finished
     */
    int turn() throws PortException {
        heartbeat.beat();
        tick.runIfDue();
        int moved = port.receive(target, BATCH) + target.poll();
        target.flush();
        return moved;
    }

    private void idle() throws PortException {
        long sinceNs = clockNs.getAsLong();
        // Requests in progress here wait for a disk, whose end the descriptor tells: no spinning.
        boolean spins = spinning && (target.idle() || !watched);
        while (spins && clockNs.getAsLong() - sinceNs < spinNs.getAsLong()) {
            Thread.onSpinWait();
            if (turn() > 0) {
                return;
            }
        }
        boolean nothingToDo = target.idle();
        if (watched) { // only for as long as it may tell something: each descriptor costs
            port.watch(nothingToDo ? NOTHING : readyFd);
        }
        long leftNs = tick.leftNs();
        heartbeat.sleep();
        try {
            port.await(nothingToDo || watched ? leftNs : Math.min(leftNs, BUSY_NS));
        } finally {
            heartbeat.beat();
        }
        spinning = clockNs.getAsLong() - sinceNs < spinNs.getAsLong();
    }

    /**
     * Takes nothing more in and answers what the store has finished, without waiting. A port that
     * is lost meanwhile does not matter: there is nobody to tell, and the initiators ask again.
     *
     * @return true when no request is in progress: neither the store nor the kernel below it uses
     *     the port's memory any more
     */
    boolean settle() {
        target.poll();
        try {
            target.flush();
        } catch (PortException e) {
            // See above.
        }
        return target.idle();
    }
}
