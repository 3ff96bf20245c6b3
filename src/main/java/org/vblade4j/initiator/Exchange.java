// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Commands and their answers over a network that loses, repeats and reorders frames. Each
 * transmission has a tag of its own: {@code 1, 23 bits of sequence, 8 bits of flight}. Only an
 * answer to the latest one counts, so that no answer can be taken for that of another command.
 */
final class Exchange {
    /** What becomes of a flight; it is free again when this returns. */
    interface Owner {
        /** An answer to it, its frame checked up to the ATA registers. */
        void onAnswer(Flight flight, ByteBuffer buffer, int offset, int lengthBytes);

        /** No answer came in time. */
        void onSilence(Flight flight);
    }

    private static final int BATCH = 256;
    private static final int INDEX_BITS = 8;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int SEQUENCE_MASK = 0x7f_ffff;

    private final EthernetPort port;
    private final FoundTarget target;
    private final DiskSettings settings;
    private final LongSupplier clockNs;
    private final Owner owner;
    private final RoundTrips roundTrips;
    private final Flight[] flights;
    private final FrameHandler handler = this::onFrame;
    private int sequence;
    private int busy;
    private long nextDeadlineNs;
    private long resends;
    private long strays;

    Exchange(
            EthernetPort port,
            FoundTarget target,
            DiskSettings settings,
            LongSupplier clockNs,
            Owner owner) {
        this.port = port;
        this.target = target;
        this.settings = settings;
        this.clockNs = clockNs;
        this.owner = owner;
        roundTrips = new RoundTrips(settings.minTimeoutNs(), settings.maxTimeoutNs());
        flights = new Flight[Math.max(1, Math.min(settings.window(), target.bufferCount()))];
        for (int i = 0; i < flights.length; i++) {
            flights[i] = new Flight(i);
        }
        sequence = (int) (clockNs.getAsLong() >>> 10);
    }

    /** The most sectors one command can carry now. */
    int sectorsPerFrame() {
        return Math.max(1, Math.min(target.maxSectors(), Aoe.sectorsPerFrame(port.mtuBytes())));
    }

    /** A free flight to fill in and {@link #launch}, or null when the window is full. */
    Flight free() {
        if (busy < flights.length) {
            for (Flight flight : flights) {
                if (!flight.busy) {
                    return flight;
                }
            }
        }
        return null;
    }

    void launch(Flight flight) throws PortException {
        flight.busy = true;
        flight.resends = 0;
        flight.firstNs = clockNs.getAsLong();
        if (busy++ == 0) {
            nextDeadlineNs = flight.firstNs + settings.maxTimeoutNs();
        }
        transmit(flight, flight.firstNs);
    }

    /** Without a free slot it is due at the next poll. */
    private void transmit(Flight flight, long nowNs) throws PortException {
        int slot = port.claim();
        if (slot < 0) {
            port.flush(); // more committed frames than slots: send those
            slot = port.claim();
        }
        flight.sent = slot >= 0;
        flight.sentNs = nowNs;
        flight.deadlineNs = nowNs;
        if (flight.sent) {
            flight.tag = nextTag(flight);
            port.commit(slot, fill(flight, port.slots(), port.slotOffset(slot)));
            flight.deadlineNs += roundTrips.timeoutNs(flight.resends);
        }
        if (flight.deadlineNs - nextDeadlineNs < 0) {
            nextDeadlineNs = flight.deadlineNs;
        }
    }

    private int nextTag(Flight flight) {
        sequence = (sequence + 1) & SEQUENCE_MASK;
        return Aoe.TAG_USER_SPACE | sequence << INDEX_BITS | flight.index;
    }

    private int fill(Flight flight, ByteBuffer buffer, int offset) {
        int shelf = target.address().shelf();
        int slot = target.address().slot();
        AoeFrame.putEthernet(buffer, offset, target.mac(), port.mac());
        AoeFrame.putAoe(buffer, offset, 0, shelf, slot, Aoe.COMMAND_ATA, flight.tag);
        boolean write = flight.command == AtaFrame.WRITE || flight.command == AtaFrame.WRITE_EXT;
        boolean extended =
                flight.command == AtaFrame.WRITE_EXT || flight.command == AtaFrame.READ_EXT;
        int flags = (write ? AtaFrame.FLAG_WRITE : 0) | (extended ? AtaFrame.FLAG_EXTENDED : 0);
        long device = extended ? 0 : (long) AtaFrame.LBA28_DEVICE << 24;
        AtaFrame.putRequest(
                buffer, offset, flags, flight.command, flight.sectors, flight.lba | device);
        int dataBytes = write ? flight.sectors * Aoe.SECTOR_BYTES : 0;
        if (write) {
            StoreRequest request = flight.transfer.request;
            int at = offset + AtaFrame.DATA_OFFSET;
            buffer.put(at, request.buffer(), flight.dataOffset, dataBytes);
        }
        return AoeFrame.pad(buffer, offset, AtaFrame.DATA_OFFSET + dataBytes);
    }

    /** Takes answers and sends again what is overdue; {@link #flush} puts it on the wire. */
    void poll() throws PortException {
        port.receive(handler, BATCH);
        long nowNs = clockNs.getAsLong();
        if (busy > 0 && nextDeadlineNs - nowNs <= 0) {
            checkDeadlines(nowNs);
        }
    }

    void flush() throws PortException {
        port.flush();
    }

    /** Blocks until a frame comes or is overdue, or the time has passed; negative: no limit. */
    void await(long timeoutNs) throws PortException {
        long eventNs = busy == 0 ? -1 : Math.max(0, nextDeadlineNs - clockNs.getAsLong());
        boolean eventFirst = timeoutNs < 0 || (eventNs >= 0 && eventNs < timeoutNs);
        port.await(eventFirst ? eventNs : timeoutNs);
    }

    private void checkDeadlines(long nowNs) throws PortException {
        nextDeadlineNs = nowNs + settings.maxTimeoutNs();
        for (Flight flight : flights) {
            if (flight.busy && flight.deadlineNs - nowNs <= 0) {
                overdue(flight, nowNs);
            }
            if (flight.busy && flight.deadlineNs - nextDeadlineNs < 0) {
                nextDeadlineNs = flight.deadlineNs;
            }
        }
    }

    private void overdue(Flight flight, long nowNs) throws PortException {
        if (nowNs - flight.firstNs >= settings.giveUpNs()) {
            owner.onSilence(flight);
            land(flight);
            return;
        }
        if (flight.sent) {
            flight.resends++;
            resends++;
        }
        transmit(flight, nowNs);
    }

    private void land(Flight flight) {
        flight.busy = false;
        flight.transfer = null;
        busy--;
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (!fromTarget(buffer, offset, lengthBytes)) {
            strays++;
            return;
        }
        int tag = AoeFrame.tag(buffer, offset);
        int index = tag & INDEX_MASK;
        if (index >= flights.length || !awaits(flights[index], tag)) {
            strays++;
            return;
        }
        Flight flight = flights[index];
        roundTrips.add(clockNs.getAsLong() - flight.sentNs);
        owner.onAnswer(flight, buffer, offset, lengthBytes);
        land(flight);
    }

    private static boolean awaits(Flight flight, int tag) {
        return flight.busy && flight.sent && flight.tag == tag;
    }

    private boolean fromTarget(ByteBuffer buffer, int offset, int lengthBytes) {
        return lengthBytes >= AtaFrame.DATA_OFFSET
                && AoeFrame.etherType(buffer, offset) == Aoe.ETHERTYPE
                && AoeFrame.version(buffer, offset) == Aoe.VERSION
                && AoeFrame.isResponse(buffer, offset)
                && AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA
                && AoeFrame.source(buffer, offset) == target.mac()
                && AoeFrame.major(buffer, offset) == target.address().shelf()
                && AoeFrame.minor(buffer, offset) == target.address().slot();
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

    /** Frames sent again. */
    long resends() {
        return resends;
    }

    /** Frames that answered nothing: late, repeated or foreign. */
    long strays() {
        return strays;
    }
}
