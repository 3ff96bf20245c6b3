// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.net.link.Link;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.OsException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;

/**
 * A port on a network interface: AF_PACKET with a kernel filter and a mapped receive ring. An
 * interface that goes down keeps its port, which hears nothing until it is up again; one that is
 * removed ends it.
 *
 * <p>The ring and the slots are made for the MTU at opening. If the MTU grows beyond what they
 * hold, {@link #mtuBytes} stays at what they hold until the port is opened anew. A changed MTU or
 * address is seen at once while waiting, and within {@value #UPKEEP_MS} ms under load.
 */
public final class RingPort implements EthernetPort {
    private static final long UPKEEP_MS = 100;
    private static final long UPKEEP_NS = UPKEEP_MS * 1_000_000;

    private final RingResources parts;
    private final Link link;
    private final ReceiveRing ring;
    private final Transmitter transmitter;
    private final TransmitSlots slots;
    private final Counters counters;
    private final int capacityBytes;
    private Steering steering;
    private Steering.SteeredPort steered;
    private ByteBuffer gathered;
    private long gatheredAddress;
    private long lastUpkeepNs = System.nanoTime();
    private boolean upkeepDue;
    private boolean outgrown;
    private boolean closed;

    RingPort(RingResources parts, Counters counters) {
        this.parts = parts;
        this.counters = counters;
        link = parts.link();
        ring = parts.ring();
        transmitter = parts.transmitter();
        slots = transmitter.slots();
        capacityBytes = Math.min(parts.layout().capacityBytes(), slots.slotBytes());
    }

    /**
     * Opens a port on an Ethernet interface, which may be down.
     *
     * @throws PortException with the interface's name and what is wrong
     */
    public static RingPort open(PortOptions options, Counters counters) throws PortException {
        return new RingPort(RingResources.open(options, counters), counters);
    }

    /** Shares the kernel's work with the other targets' ports there; once, before it is used. */
    RingPort steered(Steering shared, AoeAddress address) {
        Mailbox mailbox = new Mailbox(capacityBytes, this::wakeUp);
        steering = shared;
        steered = new Steering.SteeredPort(link, parts.socket(), address, mailbox);
        shared.enter(steered);
        return this;
    }

    @Override
    public long mac() {
        return link.mac();
    }

    @Override
    public int mtuBytes() {
        return Math.min(link.mtuBytes(), capacityBytes - Aoe.ETHERNET_HEADER_BYTES);
    }

    @Override
    public boolean outgrown() {
        return outgrown;
    }

    @Override
    public int receive(FrameHandler handler, int limit) throws PortException {
        checkOpen();
        GroupMember member = steered == null ? null : steered.member;
        if (member != null && member.group().failure() != null) {
            throw failed(member.group());
        }
        int lent = ring.receive(handler, limit, member);
        if (member != null && steered.mailbox.hasMail() && lent < limit) {
            int posted = steered.mailbox.receive(handler, limit - lent);
            counters.add(Counter.FRAMES_RECEIVED, posted);
            counters.add(Counter.FORWARDED_FRAMES, posted);
            counters.add(Counter.MAILBOX_DROPS, steered.mailbox.takeDrops());
            lent += posted;
        }
        if (lent > 0) {
            upkeepDue = true;
        }
        if (ring.takeLosing()) {
            countDrops();
        }
        if (System.nanoTime() - lastUpkeepNs > UPKEEP_NS) {
            upkeep();
        }
        return lent;
    }

    /** What is for all targets does not come any more: another socket has to join another group. */
    private PortException failed(SteeringGroup group) throws PortException {
        refresh(); // the interface may be gone
        return new PortException(
                link.name() + ": the socket that all targets share has failed: " + group.failure());
    }

    @Override
    public int backlogFrames() {
        return ring.backlogFrames();
    }

    @Override
    public int claim() {
        checkOpen();
        return slots.claim();
    }

    @Override
    public ByteBuffer slots() {
        return slots.region();
    }

    @Override
    public int slotOffset(int slot) {
        return slots.offset(slot);
    }

    @Override
    public int slotBytes() {
        return slots.slotBytes();
    }

    @Override
    public void commit(int slot, int lengthBytes) {
        slots.commit(slot, lengthBytes);
    }

    @Override
    public boolean gathers() {
        return true;
    }

    @Override
    public void commitGathered(int slot, int headerBytes, long address, int dataBytes) {
        slots.commitGathered(slot, headerBytes, address, dataBytes);
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // equal contents are not the same memory
    public void commitGathered(
            int slot, int headerBytes, ByteBuffer data, int offset, int dataBytes) {
        if (data != gathered) { // asking allocates
            gathered = data;
            gatheredAddress = Libc.address(data);
        }
        slots.commitGathered(slot, headerBytes, gatheredAddress + offset, dataBytes);
    }

    @Override
    public int takeUnreadable() {
        return slots.takeUnreadable();
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }

    @Override
    public void flush() throws PortException {
        checkOpen();
        if (slots.committedCount() > 0) {
            transmitter.flush();
            if (transmitter.takeLinkSuspect()) {
                refresh();
                flapped(transmitter.takeDown());
            }
        }
    }

    @Override
    public void await(long timeoutNs) throws PortException {
        checkOpen();
        if (ring.ready()) {
            return;
        }
        boolean shorter = upkeepDue && (timeoutNs < 0 || timeoutNs > UPKEEP_NS);
        if (!shorter) {
            sleep(timeoutNs);
        } else if (!sleep(UPKEEP_NS)) { // idle: count what was lost, then sleep for good
            upkeep();
            upkeepDue = false;
            sleep(timeoutNs < 0 ? timeoutNs : timeoutNs - UPKEEP_NS);
        }
    }

    /** False when the time passed without event. */
    private boolean sleep(long timeoutNs) throws PortException {
        try {
            int what = parts.waiter().await(timeoutNs);
            if ((what & Waiter.LINK_EVENT) != 0) {
                parts.events().drain();
                refresh();
            }
            if ((what & Waiter.SOCKET_ERROR) != 0) {
                checkSocket();
            }
            return what != 0;
        } catch (OsException e) {
            throw new PortException(link.name() + ": " + e.getMessage(), e);
        }
    }

    /** ENETDOWN is an event: the link went down, or its interface away. */
    private void checkSocket() throws PortException {
        int errno = parts.socket().takeError();
        refresh();
        flapped(errno == Errno.ENETDOWN);
        if (errno != 0 && errno != Errno.ENETDOWN) {
            throw new PortException(link.name() + ": packet socket: " + Errno.text(errno));
        }
    }

    private void flapped(boolean wasDown) {
        GroupMember member = steered == null ? null : steered.member;
        if (wasDown && member != null) {
            member.flapped();
        }
    }

    private void refresh() throws PortException {
        link.refresh();
        outgrown = link.mtuBytes() > capacityBytes - Aoe.ETHERNET_HEADER_BYTES;
    }

    private void upkeep() throws PortException {
        lastUpkeepNs = System.nanoTime();
        countDrops();
        refresh();
    }

    private void countDrops() {
        counters.add(Counter.KERNEL_DROPS, parts.socket().takeDrops());
    }

    @Override
    public boolean watch(int fd) {
        parts.waiter().watch(fd);
        return true;
    }

    @Override
    public int descriptor() {
        return parts.socket().fd();
    }

    @Override
    public void wakeUp() {
        parts.waiter().wakeUp();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            if (steered == null) {
                parts.close();
            } else {
                steering.exit(steered, parts::close);
                steered.mailbox.close();
            }
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the port is closed");
        }
    }
}
