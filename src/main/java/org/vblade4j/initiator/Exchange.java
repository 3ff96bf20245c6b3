// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;

/**
 * Commands and their answers over networks that lose, repeat and reorder frames. Each transmission
 * has a tag of its own: {@code 1, 23 bits of sequence, 8 bits of place}. Only an answer to the
 * latest one counts, so that no answer can be taken for that of another command. A frame that was
 * not answered in time takes another path if there is one.
 */
final class Exchange {
    /** What becomes of a command in flight; it is free again when this returns. */
    interface Owner {
        /** An answer to it, its frame checked up to the ATA registers. */
        void onAnswer(InFlightCommand inFlight, ByteBuffer buffer, int offset, int lengthBytes);

        /** The data that it was to carry lie in memory that cannot be read: it was not sent. */
        void onUnreadable(InFlightCommand inFlight);

        /** No answer came in time. */
        void onSilence(InFlightCommand inFlight);
    }

    private static final int INDEX_BITS = 8;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int SEQUENCE_MASK = 0x7f_ffff;

    private final ActivePaths paths;
    private final PathPorts ports;
    private final DiskSettings settings;
    private final LongSupplier clockNs;
    private final Owner owner;
    private final InFlightCommand[] commands;
    private final InFlightCommand[] idle;
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

    Exchange(ActivePaths paths, DiskSettings settings, LongSupplier clockNs, Owner owner) {
        this.paths = paths;
        this.settings = settings;
        this.clockNs = clockNs;
        this.owner = owner;
        ports = new PathPorts(paths, clockNs, this::onFrame);
        commands = new InFlightCommand[paths.capacity()];
        idle = new InFlightCommand[commands.length];
        for (int i = 0; i < commands.length; i++) {
            commands[i] = new InFlightCommand(i);
            idle[commands.length - 1 - i] = commands[i];
        }
        idleCount = commands.length;
        nowNs = clockNs.getAsLong();
        sequence = (int) (nowNs >>> 10);
    }

    /**
     * A free command in flight to fill in and {@link #launch}, or null when no path has room for
     * one.
     */
    InFlightCommand free() {
        ActivePath path = unsent == 0 && idleCount > 0 ? paths.choose(null) : null;
        return path == null ? null : take(path, false);
    }

    /** A free command in flight for this path, whatever is on it, or null. */
    InFlightCommand freeOn(ActivePath path) {
        return idleCount == 0 ? null : take(path, true);
    }

    private InFlightCommand take(ActivePath path, boolean pinned) {
        InFlightCommand inFlight = idle[idleCount - 1];
        inFlight.path = path;
        inFlight.pinned = pinned;
        inFlight.once = false;
        inFlight.transfer = null;
        return inFlight;
    }

    void launch(InFlightCommand inFlight) {
        inFlight.busy = true;
        inFlight.resends = 0;
        inFlight.firstNs = nowNs;
        if (idleCount-- == commands.length) {
            nextDeadlineNs = inFlight.firstNs + settings.maxTimeoutNs();
        }
        inFlight.sent = true;
        inFlight.path.inFlight++;
        transmit(inFlight);
    }

    /** Without a free slot it is due at the next poll. */
    private void transmit(InFlightCommand inFlight) {
        ActivePath path = inFlight.path;
        int slot = ports.claim(path);
        inFlight.sentNs = nowNs;
        inFlight.deadlineNs = nowNs;
        if (slot >= 0) {
            sequence = (sequence + 1) & SEQUENCE_MASK;
            inFlight.tag = Aoe.TAG_USER_SPACE | sequence << INDEX_BITS | inFlight.index;
            Frames.commit(inFlight, path.port, slot);
            path.framesSent++;
            resends += inFlight.resends > 0 ? 1 : 0;
            inFlight.deadlineNs += path.roundTrips.timeoutNs(inFlight.resends);
        }
        mark(inFlight, slot >= 0);
        hasten(inFlight.deadlineNs);
    }

    private void mark(InFlightCommand inFlight, boolean sent) {
        unsent += (sent ? 0 : 1) - (inFlight.sent ? 0 : 1);
        inFlight.sent = sent;
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
        boolean more = ports.receive();
        nowNs = clockNs.getAsLong(); // what was received may have kept its owner busy
        if (idleCount < commands.length && (unsent > 0 || nextDeadlineNs - nowNs <= 0)) {
            if (!more || postponed++ >= commands.length / PathPorts.BATCH) {
                checkDeadlines();
            }
        }
    }

    /** When the latest {@link #poll} was. */
    long nowNs() {
        return nowNs;
    }

    void flush() throws PortException {
        ports.flush();
        for (int tag = ports.takeUnreadable(); tag != 0; tag = ports.takeUnreadable()) {
            InFlightCommand inFlight = commands[tag & INDEX_MASK];
            if (inFlight.busy && inFlight.tag == tag) {
                owner.onUnreadable(inFlight);
                land(inFlight);
            }
        }
        paths.checkPossible();
    }

    /**
     * Blocks until a frame comes or is overdue, {@link #wakeUp} is called, or the time has passed;
     * negative: no limit.
     */
    void await(long timeoutNs) throws PortException {
        boolean busy = idleCount < commands.length;
        long eventNs = busy ? Math.max(0, nextDeadlineNs - clockNs.getAsLong()) : -1;
        boolean eventFirst = timeoutNs < 0 || (eventNs >= 0 && eventNs < timeoutNs);
        ports.await(eventFirst ? eventNs : timeoutNs);
    }

    void wakeUp() {
        ports.wakeUp();
    }

    private void checkDeadlines() {
        postponed = 0;
        nextDeadlineNs = nowNs + settings.maxTimeoutNs();
        for (InFlightCommand inFlight : commands) {
            if (inFlight.busy && (!inFlight.sent || inFlight.deadlineNs - nowNs <= 0)) {
                overdue(inFlight);
            } else if (inFlight.busy && !inFlight.pinned && !inFlight.path.up()) {
                overdue(inFlight);
            }
            if (inFlight.busy) {
                hasten(inFlight.deadlineNs);
            }
        }
    }

    private void overdue(InFlightCommand inFlight) {
        ActivePath path = inFlight.path;
        if (inFlight.sent) {
            timedOut(path, inFlight.sentNs);
        }
        boolean over = nowNs - inFlight.firstNs >= settings.giveUpNs();
        if (over || (inFlight.sent && inFlight.once) || (inFlight.pinned && !path.possible())) {
            owner.onSilence(inFlight);
            land(inFlight);
            return;
        }
        if (inFlight.sent) {
            inFlight.resends++;
        }
        if (inFlight.pinned || move(inFlight)) {
            transmit(inFlight);
        } else {
            mark(inFlight, false); // every path is full or away: tried at each poll
            inFlight.deadlineNs = nowNs + settings.minTimeoutNs();
        }
    }

    private void timedOut(ActivePath path, long sentNs) {
        path.timedOut(sentNs, nowNs);
        if (path.up() && path.silent(nowNs)) {
            paths.suspect(path, nowNs);
            nextDeadlineNs = nowNs; // what else is on it need not wait either
        }
    }

    private boolean move(InFlightCommand inFlight) {
        leave(inFlight);
        inFlight.path = paths.choose(inFlight.path);
        if (inFlight.path != null) {
            inFlight.path.inFlight++;
        }
        return inFlight.path != null;
    }

    private static void leave(InFlightCommand inFlight) {
        if (inFlight.path != null) {
            inFlight.path.inFlight--;
        }
    }

    private void land(InFlightCommand inFlight) {
        leave(inFlight);
        mark(inFlight, true);
        inFlight.busy = false;
        inFlight.transfer = null;
        idle[idleCount++] = inFlight;
    }

    private void onFrame(ActivePath path, ByteBuffer buffer, int offset, int lengthBytes) {
        if (path == null || !Frames.fromTarget(path.target, buffer, offset, lengthBytes)) {
            strays++;
            return;
        }
        if (AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA) {
            if (AoeFrame.command(buffer, offset) == Aoe.COMMAND_CONFIG) {
                path.announced(nowNs);
            }
            strays++;
            return;
        }
        path.answered(nowNs);
        int tag = AoeFrame.tag(buffer, offset);
        int index = tag & INDEX_MASK;
        if (index >= commands.length || !awaits(commands[index], path, tag)) {
            strays++;
            return;
        }
        InFlightCommand inFlight = commands[index];
        path.roundTrips.add(nowNs - inFlight.sentNs);
        path.window.answered();
        owner.onAnswer(inFlight, buffer, offset, lengthBytes);
        land(inFlight);
    }

    private static boolean awaits(InFlightCommand inFlight, ActivePath path, int tag) {
        return inFlight.busy && inFlight.sent && inFlight.path == path && inFlight.tag == tag;
    }

    /** Ends every command in flight as if the target had never answered. */
    void abandon() {
        for (InFlightCommand inFlight : commands) {
            if (inFlight.busy) {
                owner.onSilence(inFlight);
                land(inFlight);
            }
        }
    }

    void close() {
        ports.close();
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
