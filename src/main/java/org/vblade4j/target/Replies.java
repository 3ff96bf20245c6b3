// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;

/**
 * Makes response frames in the port's slots. A response is written from scratch, never an echo:
 * version 1, our own address and hardware address, zeros as padding. Of the request it repeats the
 * command and the tag.
 */
final class Replies {
    static final int NO_SLOT = -1;

    private final AoeAddress address;
    private final EthernetPort port;
    private final Counters counters;

    Replies(AoeAddress address, EthernetPort port, Counters counters) {
        this.address = address;
        this.port = port;
        this.counters = counters;
    }

    /**
     * Starts the answer to a request: claims a slot and writes the header. {@link #NO_SLOT} when
     * there is none, which is counted; the request must then have no effect.
     */
    int begin(ByteBuffer request, int offset) {
        int slot = port.claim();
        if (slot < 0) {
            counters.increment(Counter.SLOT_DROPS);
            return NO_SLOT;
        }
        int command = AoeFrame.command(request, offset);
        int tag = AoeFrame.tag(request, offset);
        putHeader(slot, AoeFrame.source(request, offset), command, tag);
        return slot;
    }

    /** Starts a frame that nobody asked for; {@link #NO_SLOT} when it must wait. */
    int beginUnasked(long destination, int command) {
        int slot = port.claim();
        if (slot < 0) {
            return NO_SLOT;
        }
        putHeader(slot, destination, command, 0);
        return slot;
    }

    /** Starts a request of the target's own, to its own address. */
    int beginQuery(long destination, int command) {
        int slot = beginUnasked(destination, command);
        if (slot != NO_SLOT) {
            int at = port.slotOffset(slot);
            AoeFrame.putAoe(port.slots(), at, 0, address.shelf(), address.slot(), command, 0);
        }
        return slot;
    }

    private void putHeader(int slot, long destination, int command, int tag) {
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(port.slots(), at, destination, port.mac());
        AoeFrame.putAoe(
                port.slots(), at, Aoe.FLAG_RESPONSE, address.shelf(), address.slot(), command, tag);
    }

    ByteBuffer buffer() {
        return port.slots();
    }

    /** Where the frame in the slot starts. */
    int offset(int slot) {
        return port.slotOffset(slot);
    }

    /** Pads and queues the finished answer. */
    void send(int slot, int lengthBytes) {
        port.commit(slot, AoeFrame.pad(port.slots(), port.slotOffset(slot), lengthBytes));
    }

    /** Queues a finished answer whose data, never short, lies elsewhere. */
    void sendGathered(int slot, int headerBytes, long address, int dataBytes) {
        port.commitGathered(slot, headerBytes, address, dataBytes);
    }

    /** Whether {@link #sendGathered} may be used. */
    boolean gathers() {
        return port.gathers();
    }

    /** As {@link EthernetPort#flush}. */
    void flush() throws PortException {
        port.flush();
    }

    /** As {@link EthernetPort#takeUnreadable}. */
    int takeUnreadable() {
        return port.takeUnreadable();
    }

    /** Turns a begun answer into an error, keeping the arguments written so far. */
    void sendError(int slot, AoeError error, int lengthBytes) {
        AoeFrame.putError(port.slots(), port.slotOffset(slot), error);
        counters.increment(Counter.PROTOCOL_ERRORS);
        send(slot, lengthBytes);
    }

    /** Answers with the header alone: an error must not be bigger than what caused it. */
    void error(ByteBuffer request, int offset, AoeError error) {
        int slot = begin(request, offset);
        if (slot != NO_SLOT) {
            sendError(slot, error, AoeFrame.HEADER_BYTES);
        }
    }

    /** Gives a begun answer up. */
    void drop(int slot) {
        port.release(slot);
    }

    /** The longest frame that can be sent now. */
    int maxFrameBytes() {
        return Math.min(port.mtuBytes() + Aoe.ETHERNET_HEADER_BYTES, port.slotBytes());
    }

    int mtuBytes() {
        return port.mtuBytes();
    }

    int slotBytes() {
        return port.slotBytes();
    }

    /** Every slot's number is below this. */
    int maxSlots() {
        return port.slots().capacity() / port.slotBytes();
    }
}
