// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;

/**
 * Commands and their answers over networks that lose, repeat and reorder frames. Each transmission
 * has a tag of its own: {@code 1, 23 bits of sequence, 8 bits of flight}. Only an answer to the
 * latest one counts, so that no answer can be taken for that of another command. A frame that was
 * not answered in time takes another lane if there is one.
 */
final class Exchange {
    /** What becomes of a flight; it is free again when this returns. */
    interface Owner {
        /** An answer to it, its frame checked up to the ATA registers. */
        void onAnswer(Flight flight, ByteBuffer buffer, int offset, int lengthBytes);

        /** The data that it was to carry lie in memory that cannot be read: it was not sent. */
        void onUnreadable(Flight flight);

        /** No answer came in time. */
        void onSilence(Flight flight);
    }

    private static final int INDEX_BITS = 8;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int SEQUENCE_MASK = 0x7f_ffff;

    private final Lanes lanes;
    private final Wires wires;
    private final DiskSettings settings;
    private final LongSupplier clockNs;
    private final Owner owner;
    private final Flight[] flights;
    private final Flight[] idle;
    private int idleCount;
    private int unsent;
    private int sequence;
    private long nextDeadlineNs;

    /** How often in a row deadlines were not looked at because answers waited in a port. */
    private int postponed;

    /** Asked for in each {@link #poll}, not for each frame. */
    private long nowNs;

    private long resends;
    private long strays;

    Exchange(Lanes lanes, DiskSettings settings, LongSupplier clockNs, Owner owner) {
        this.lanes = lanes;
        this.settings = settings;
        this.clockNs = clockNs;
        this.owner = owner;
        wires = new Wires(lanes, clockNs, this::onFrame);
        flights = new Flight[lanes.capacity()];
        idle = new Flight[flights.length];
        for (int i = 0; i < flights.length; i++) {
            flights[i] = new Flight(i);
            idle[flights.length - 1 - i] = flights[i];
        }
        idleCount = flights.length;
        nowNs = clockNs.getAsLong();
        sequence = (int) (nowNs >>> 10);
    }

    /** A free flight to fill in and {@link #launch}, or null when no lane has room for one. */
    Flight free() {
        Lane lane = unsent == 0 && idleCount > 0 ? lanes.choose(null) : null;
        return lane == null ? null : take(lane, false);
    }

    /** A free flight for this lane, whatever is on it, or null. */
    Flight freeOn(Lane lane) {
        return idleCount == 0 ? null : take(lane, true);
    }

    private Flight take(Lane lane, boolean pinned) {
        Flight flight = idle[idleCount - 1];
        flight.lane = lane;
        flight.pinned = pinned;
        flight.once = false;
        flight.transfer = null;
        return flight;
    }

    void launch(Flight flight) {
        flight.busy = true;
        flight.resends = 0;
        flight.firstNs = nowNs;
        if (idleCount-- == flights.length) {
            nextDeadlineNs = flight.firstNs + settings.maxTimeoutNs();
        }
        flight.sent = true;
        flight.lane.inFlight++;
        transmit(flight);
    }

    /** Without a free slot it is due at the next poll. */
    private void transmit(Flight flight) {
        Lane lane = flight.lane;
        int slot = wires.claim(lane);
        flight.sentNs = nowNs;
        flight.deadlineNs = nowNs;
        if (slot >= 0) {
            sequence = (sequence + 1) & SEQUENCE_MASK;
            flight.tag = Aoe.TAG_USER_SPACE | sequence << INDEX_BITS | flight.index;
            Frames.commit(flight, lane.port, slot);
            lane.framesSent++;
            resends += flight.resends > 0 ? 1 : 0;
            flight.deadlineNs += lane.roundTrips.timeoutNs(flight.resends);
        }
        mark(flight, slot >= 0);
        hasten(flight.deadlineNs);
    }

    private void mark(Flight flight, boolean sent) {
        unsent += (sent ? 0 : 1) - (flight.sent ? 0 : 1);
        flight.sent = sent;
    }

    private void hasten(long deadlineNs) {
        if (deadlineNs - nextDeadlineNs < 0) {
            nextDeadlineNs = deadlineNs;
        }
    }

    /**
     * Takes answers and sends again what is overdue; {@link #flush} puts it on the wire. Who was
     * away for long finds many answers: none of their frames counts as overdue before all that
     * could have come by then were taken.
     *
     * @throws PortException the last interface that led to the disk is gone
     */
    void poll() throws PortException {
        nowNs = clockNs.getAsLong();
        boolean more = wires.receive();
        nowNs = clockNs.getAsLong(); // what was received may have kept its owner busy
        if (idleCount < flights.length && (unsent > 0 || nextDeadlineNs - nowNs <= 0)) {
            if (!more || postponed++ >= flights.length / Wires.BATCH) {
                checkDeadlines();
            }
        }
    }

    /** When the latest {@link #poll} was. */
    long nowNs() {
        return nowNs;
    }

    void flush() throws PortException {
        wires.flush();
        for (int tag = wires.takeUnreadable(); tag != 0; tag = wires.takeUnreadable()) {
            Flight flight = flights[tag & INDEX_MASK];
            if (flight.busy && flight.tag == tag) {
                owner.onUnreadable(flight);
                land(flight);
            }
        }
        lanes.checkPossible();
    }

    /**
     * Blocks until a frame comes or is overdue, {@link #wakeUp} is called, or the time has passed;
     * negative: no limit.
     */
    void await(long timeoutNs) throws PortException {
        boolean busy = idleCount < flights.length;
        long eventNs = busy ? Math.max(0, nextDeadlineNs - clockNs.getAsLong()) : -1;
        boolean eventFirst = timeoutNs < 0 || (eventNs >= 0 && eventNs < timeoutNs);
        wires.await(eventFirst ? eventNs : timeoutNs);
    }

    void wakeUp() {
        wires.wakeUp();
    }

    private void checkDeadlines() {
        postponed = 0;
        nextDeadlineNs = nowNs + settings.maxTimeoutNs();
        for (Flight flight : flights) {
            if (flight.busy && (!flight.sent || flight.deadlineNs - nowNs <= 0)) {
                overdue(flight);
            } else if (flight.busy && !flight.pinned && !flight.lane.up()) {
                overdue(flight);
            }
            if (flight.busy) {
                hasten(flight.deadlineNs);
            }
        }
    }

    private void overdue(Flight flight) {
        Lane lane = flight.lane;
        if (flight.sent) {
            timedOut(lane, flight.sentNs);
        }
        boolean over = nowNs - flight.firstNs >= settings.giveUpNs();
        if (over || (flight.sent && flight.once) || (flight.pinned && !lane.possible())) {
            owner.onSilence(flight);
            land(flight);
            return;
        }
        if (flight.sent) {
            flight.resends++;
        }
        if (flight.pinned || move(flight)) {
            transmit(flight);
        } else {
            mark(flight, false); // every lane is full or away: tried at each poll
            flight.deadlineNs = nowNs + settings.minTimeoutNs();
        }
    }

    private void timedOut(Lane lane, long sentNs) {
        lane.timedOut(sentNs, nowNs);
        if (lane.up() && lane.silent(nowNs)) {
            lanes.suspect(lane, nowNs);
            nextDeadlineNs = nowNs; // what else is on it need not wait either
        }
    }

    private boolean move(Flight flight) {
        leave(flight);
        flight.lane = lanes.choose(flight.lane);
        if (flight.lane != null) {
            flight.lane.inFlight++;
        }
        return flight.lane != null;
    }

    private static void leave(Flight flight) {
        if (flight.lane != null) {
            flight.lane.inFlight--;
        }
    }

    private void land(Flight flight) {
        leave(flight);
        mark(flight, true);
        flight.busy = false;
        flight.transfer = null;
        idle[idleCount++] = flight;
    }

    private void onFrame(Lane lane, ByteBuffer buffer, int offset, int lengthBytes) {
        if (lane == null || !Frames.fromTarget(lane.target, buffer, offset, lengthBytes)) {
            strays++;
            return;
        }
        lane.answered(nowNs);
        int tag = AoeFrame.tag(buffer, offset);
        int index = tag & INDEX_MASK;
        if (index >= flights.length || !awaits(flights[index], lane, tag)) {
            strays++;
            return;
        }
        Flight flight = flights[index];
        lane.roundTrips.add(nowNs - flight.sentNs);
        lane.window.answered();
        owner.onAnswer(flight, buffer, offset, lengthBytes);
        land(flight);
    }

    private static boolean awaits(Flight flight, Lane lane, int tag) {
        return flight.busy && flight.sent && flight.lane == lane && flight.tag == tag;
    }

    /** Ends every flight as if the target had never answered. */
    void abandon() {
        for (Flight flight : flights) {
            if (flight.busy) {
                owner.onSilence(flight);
                land(flight);
            }
        }
    }

    void close() {
        wires.close();
    }

    /** Frames sent again. */
    long resends() {
        return resends;
    }

    /** Frames that answered nothing: late, repeated or foreign. */
    long strays() {
        return strays;
    }
}
