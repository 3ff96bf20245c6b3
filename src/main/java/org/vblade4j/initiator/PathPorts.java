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

/** The ports that a disk's paths run over; one that fails takes its paths along and no others. */
final class PathPorts {
    /** Takes frames, with the path they came by or null. */
    @FunctionalInterface
    interface Receiver {
        void onFrame(ActivePath path, ByteBuffer buffer, int offset, int lengthBytes);
    }

    /** Small, so that the target has new requests while the rest of its answers is looked at. */
    static final int BATCH = 16;

    private final ActivePaths paths;
    private final LongSupplier clockNs;
    private final PathPort[] ports;
    private final PortsWaiter waiter;

    private static final class PathPort {
        final EthernetPort port;
        final FrameHandler handler;
        boolean failed;

        PathPort(EthernetPort port, FrameHandler handler) {
            this.port = port;
            this.handler = handler;
        }
    }

    PathPorts(ActivePaths paths, LongSupplier clockNs, Receiver receiver) {
        this.paths = paths;
        this.clockNs = clockNs;
        List<EthernetPort> opened = new ArrayList<>();
        for (ActivePath path : paths.all) {
            if (!opened.contains(path.port)) {
                opened.add(path.port);
            }
        }
        ports = opened.stream().map(port -> pathPort(port, receiver)).toArray(PathPort[]::new);
        waiter = new PortsWaiter(opened);
    }

    private PathPort pathPort(EthernetPort port, Receiver receiver) {
        return new PathPort(
                port,
                (buffer, offset, lengthBytes) ->
                        receiver.onFrame(
                                lengthBytes < AoeFrame.HEADER_BYTES
                                        ? null
                                        : paths.find(port, AoeFrame.source(buffer, offset)),
                                buffer,
                                offset,
                                lengthBytes));
    }

    /** A slot of the path's port, or -1. */
    int claim(ActivePath path) {
        if (!path.possible()) {
            return -1;
        }
        int slot = path.port.claim();
        if (slot < 0) {
            flush(find(path.port)); // more committed frames than slots: send those
            slot = path.possible() ? path.port.claim() : -1;
        }
        return slot;
    }

    private PathPort find(EthernetPort port) {
        for (PathPort each : ports) {
            if (each.port == port) {
                return each;
            }
        }
        throw new IllegalArgumentException("a path without its port");
    }

    /** True when more may wait: a port gave as much as is taken at once. */
    boolean receive() {
        boolean more = false;
        for (PathPort port : ports) {
            if (!port.failed) {
                try {
                    more |= port.port.receive(port.handler, BATCH) == BATCH;
                } catch (PortException e) {
                    fail(port, e);
                }
            }
        }
        return more;
    }

    void flush() {
        for (PathPort port : ports) {
            flush(port);
        }
    }

    /** The tag of a frame that was not sent because its data could not be read; 0: none (left). */
    int takeUnreadable() {
        for (PathPort port : ports) {
            int slot = port.port.takeUnreadable();
            if (slot >= 0) {
                int tag = AoeFrame.tag(port.port.slots(), port.port.slotOffset(slot));
                port.port.release(slot);
                return tag;
            }
        }
        return 0;
    }

    private void flush(PathPort port) {
        if (!port.failed) {
            try {
                port.port.flush();
            } catch (PortException e) {
                fail(port, e);
            }
        }
    }

    private void fail(PathPort port, PortException cause) {
        port.failed = true;
        waiter.drop(port.port);
        paths.fail(port.port, cause, clockNs.getAsLong());
    }

    /** With several ports, each looks after its own link afterwards. */
    void await(long timeoutNs) throws PortException {
        if (ports.length == 1) {
            ports[0].port.await(timeoutNs);
            return;
        }
        waiter.await(timeoutNs);
        for (PathPort port : ports) {
            if (!port.failed) {
                try {
                    port.port.await(0);
                } catch (PortException e) {
                    fail(port, e);
                }
            }
        }
        paths.checkPossible();
    }

    /** Any thread. */
    void wakeUp() {
        if (ports.length == 1) {
            ports[0].port.wakeUp();
        } else {
            waiter.wakeUp();
        }
    }

    void close() {
        waiter.close();
    }
}
