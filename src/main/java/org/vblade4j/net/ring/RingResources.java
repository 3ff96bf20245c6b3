// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.link.Link;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;

/** What a ring port consists of, opened all or not at all and closed in reverse. */
final class RingResources implements AutoCloseable {
    private final Deque<Runnable> closers = new ArrayDeque<>();
    private PacketSocket socket;
    private Link link;
    private RingLayout layout;
    private ReceiveRing ring;
    private Transmitter transmitter;
    private LinkEvents events;
    private Waiter waiter;

    private RingResources() {}

    static RingResources open(PortOptions options, Counters counters) throws PortException {
        return open(options, AoeFilter.program(options), counters);
    }

    /** For the requests of all targets on an interface. */
    static RingResources openForAll(String interfaceName, int frames) throws PortException {
        AoeAddress nobody = new AoeAddress(0, 0);
        PortOptions options = PortOptions.forTarget(interfaceName, nobody, frames, 1);
        return open(options, AoeFilter.anyRequest(), new Counters());
    }

    private static RingResources open(
            PortOptions options, List<AoeFilter.Instruction> filter, Counters counters)
            throws PortException {
        RingResources parts = new RingResources();
        try {
            parts.openAll(options, filter, counters);
            return parts;
        } catch (PortException e) {
            parts.close();
            throw e;
        } catch (OsException e) {
            parts.close();
            throw new PortException(options.interfaceName() + ": " + explanation(e), e);
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    private void openAll(PortOptions options, List<AoeFilter.Instruction> filter, Counters counters)
            throws PortException, OsException {
        socket = PacketSocket.open();
        closers.push(socket::close);
        link = Link.find(options.interfaceName(), socket.fd());
        closers.push(link::close);
        socket.attach(filter);
        socket.tune();
        layout = layout(options, link.mtuBytes());
        NativeMemory memory = socket.mapRing(layout);
        ring = new ReceiveRing(memory, layout, options, link, counters);
        closers.push(ring::close);
        int frameBytes = Aoe.ETHERNET_HEADER_BYTES + link.mtuBytes();
        transmitter = Transmitter.open(socket.fd(), options.slots(), frameBytes, counters);
        closers.push(transmitter::close);
        events = LinkEvents.open();
        closers.push(events::close);
        waiter = Waiter.open(socket.fd(), events.fd());
        closers.push(waiter::close);
        for (long station : options.stations()) {
            socket.receiveFor(link.index(), station);
        }
        socket.bind(link.index());
    }

    private static RingLayout layout(PortOptions options, int mtuBytes) throws PortException {
        RingLayout layout = RingLayout.of(mtuBytes, options.receiveFrames());
        if (layout.ringBytes() > Integer.MAX_VALUE) {
            throw new PortException(
                    options.interfaceName()
                            + ": no receive ring can hold "
                            + options.receiveFrames()
                            + " frames of MTU "
                            + mtuBytes);
        }
        return layout;
    }

    private static String explanation(OsException e) {
        return switch (e.errno()) {
            case Errno.EPERM, Errno.EACCES ->
                    e.getMessage() + "; raw Ethernet needs CAP_NET_RAW: run as root or grant it";
            case Errno.ENODEV, Errno.ENXIO -> "the network interface is gone";
            case Errno.ENOMEM -> e.getMessage() + "; lower the buffer count or the MTU";
            default -> e.getMessage();
        };
    }

    PacketSocket socket() {
        return socket;
    }

    Link link() {
        return link;
    }

    RingLayout layout() {
        return layout;
    }

    ReceiveRing ring() {
        return ring;
    }

    Transmitter transmitter() {
        return transmitter;
    }

    LinkEvents events() {
        return events;
    }

    Waiter waiter() {
        return waiter;
    }

    @Override
    public void close() {
        while (!closers.isEmpty()) {
            closers.pop().run();
        }
    }
}
