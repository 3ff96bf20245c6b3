// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.net.ring.PortsWaiter;
import org.vblade4j.wire.AoeFrame;

/** The ports that a disk's lanes run over; one that fails takes its lanes along and no others. */
final class Wires {
    /** Takes frames, with the lane they came by or null. */
    @FunctionalInterface
    interface Receiver {
        void onFrame(Lane lane, ByteBuffer buffer, int offset, int lengthBytes);
    }

    /** Small, so that the target has new requests while the rest of its answers is looked at. */
    static final int BATCH = 16;

    private final Lanes lanes;
    private final LongSupplier clockNs;
    private final Wire[] wires;
    private final PortsWaiter waiter;

    private static final class Wire {
        final EthernetPort port;
        final FrameHandler handler;
        boolean failed;

        Wire(EthernetPort port, FrameHandler handler) {
            this.port = port;
            this.handler = handler;
        }
    }

    Wires(Lanes lanes, LongSupplier clockNs, Receiver receiver) {
        this.lanes = lanes;
        this.clockNs = clockNs;
        List<EthernetPort> ports = new ArrayList<>();
        for (Lane lane : lanes.all) {
            if (!ports.contains(lane.port)) {
                ports.add(lane.port);
            }
        }
        wires = ports.stream().map(port -> wire(port, receiver)).toArray(Wire[]::new);
        waiter = new PortsWaiter(ports);
    }

    private Wire wire(EthernetPort port, Receiver receiver) {
        return new Wire(
                port,
                (buffer, offset, lengthBytes) ->
                        receiver.onFrame(
                                lengthBytes < AoeFrame.HEADER_BYTES
                                        ? null
                                        : lanes.find(port, AoeFrame.source(buffer, offset)),
                                buffer,
                                offset,
                                lengthBytes));
    }

    /** A slot of the lane's port, or -1. */
    int claim(Lane lane) {
        if (!lane.possible()) {
            return -1;
        }
        int slot = lane.port.claim();
        if (slot < 0) {
            flush(wire(lane.port)); // more committed frames than slots: send those
            slot = lane.possible() ? lane.port.claim() : -1;
        }
        return slot;
    }

    private Wire wire(EthernetPort port) {
        for (Wire wire : wires) {
            if (wire.port == port) {
                return wire;
            }
        }
        throw new IllegalArgumentException("a lane without its port");
    }

    /** True when more may wait: a port gave as much as is taken at once. */
    boolean receive() {
        boolean more = false;
        for (Wire wire : wires) {
            if (!wire.failed) {
                try {
                    more |= wire.port.receive(wire.handler, BATCH) == BATCH;
                } catch (PortException e) {
                    fail(wire, e);
                }
            }
        }
        return more;
    }

    void flush() {
        for (Wire wire : wires) {
            flush(wire);
        }
    }

    /** The tag of a frame that was not sent because its data could not be read; 0: none (left). */
    int takeUnreadable() {
        for (Wire wire : wires) {
            int slot = wire.port.takeUnreadable();
            if (slot >= 0) {
                int tag = AoeFrame.tag(wire.port.slots(), wire.port.slotOffset(slot));
                wire.port.release(slot);
                return tag;
            }
        }
        return 0;
    }

    private void flush(Wire wire) {
        if (!wire.failed) {
            try {
                wire.port.flush();
            } catch (PortException e) {
                fail(wire, e);
            }
        }
    }

    private void fail(Wire wire, PortException cause) {
        wire.failed = true;
        waiter.drop(wire.port);
        lanes.fail(wire.port, cause, clockNs.getAsLong());
    }

    /** With several ports, each looks after its own link afterwards. */
    void await(long timeoutNs) throws PortException {
        if (wires.length == 1) {
            wires[0].port.await(timeoutNs);
            return;
        }
        waiter.await(timeoutNs);
        for (Wire wire : wires) {
            if (!wire.failed) {
                try {
                    wire.port.await(0);
                } catch (PortException e) {
                    fail(wire, e);
                }
            }
        }
        lanes.checkPossible();
    }

    /** Any thread. */
    void wakeUp() {
        if (wires.length == 1) {
            wires[0].port.wakeUp();
        } else {
            waiter.wakeUp();
        }
    }

    void close() {
        waiter.close();
    }
}
