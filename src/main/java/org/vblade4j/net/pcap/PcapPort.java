// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.PcapDirection;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.net.link.Link;
import org.vblade4j.wire.Aoe;

/**
 * A port on a network interface over libpcap. It does what the port over packet rings does, with a
 * system call and two copies a frame, and allocates for each.
 *
 * <p>pcap4j hides the descriptor that could be waited for, and on Linux a read that blocks for a
 * frame at once cannot be given a time limit. So waiting is looking again after a pause, which
 * doubles from 20 us to 1 ms: that is what this port adds to the latency of a quiet export.
 */
final class PcapPort implements EthernetPort {
    private static final long MIN_PAUSE_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long MAX_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long UPKEEP_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PAGE_BYTES = 4096;

    /** What the kernel keeps beside each frame. */
    private static final int FRAME_OVERHEAD_BYTES = 256;

    private final String name;
    private final PcapHandle handle;
    private final Link link;
    private final Counters counters;
    private final Arrivals arrivals;
    private final TransmitSlots slots;
    private final byte[] outgoing;
    private final int capacityBytes;
    private volatile boolean woken;
    private volatile Thread awaiting;
    private long lastUpkeepNs = System.nanoTime();
    private long dropsSeen;
    private boolean outgrown;
    private boolean closed;

    private PcapPort(PcapHandle handle, Link link, PortOptions options, Counters counters) {
        this.name = options.interfaceName();
        this.handle = handle;
        this.link = link;
        this.counters = counters;
        capacityBytes = frameBytes(link);
        arrivals = new Arrivals(options, link, capacityBytes, counters);
        int slotBytes = TransmitSlots.slotBytes(capacityBytes);
        int regionBytes = TransmitSlots.regionBytes(options.slots(), slotBytes);
        ByteBuffer memory = ByteBuffer.allocateDirect(regionBytes + PAGE_BYTES);
        slots = new TransmitSlots(memory.alignedSlice(PAGE_BYTES), options.slots(), slotBytes);
        outgoing = new byte[slotBytes];
    }

    static PcapPort open(PortOptions options, Counters counters) throws PortException {
        String name = options.interfaceName();
        Link link = Link.open(name);
        try {
            int frameBytes = frameBytes(link);
            PcapHandle handle =
                    PcapLibrary.call(
                            name,
                            () ->
                                    PcapLibrary.live(name, frameBytes + 1)
                                            .promiscuousMode(mode(options))
                                            .bufferSize(bufferBytes(options, frameBytes))
                                            .build());
            try {
                PcapLibrary.call(name, () -> prepare(handle, options));
                return new PcapPort(handle, link, options, counters);
            } catch (PortException | RuntimeException e) {
                handle.close();
                throw e;
            }
        } catch (PortException | RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** libpcap cannot have single further addresses received. */
    private static PromiscuousMode mode(PortOptions options) {
        return options.stations().isEmpty()
                ? PromiscuousMode.NONPROMISCUOUS
                : PromiscuousMode.PROMISCUOUS;
    }

    private static Void prepare(PcapHandle handle, PortOptions options)
            throws PcapNativeException, NotOpenException {
        handle.setDirection(PcapDirection.IN);
        boolean requests = options.accept() == PortOptions.Accept.REQUESTS;
        String filter = "ether proto 0x88a2" + (requests ? "" : " and ether[14] & 8 != 0");
        handle.setFilter(filter, BpfCompileMode.OPTIMIZE);
        handle.setBlockingMode(BlockingMode.NONBLOCKING);
        return null;
    }

    private static int bufferBytes(PortOptions options, int frameBytes) {
        int cell = frameBytes + FRAME_OVERHEAD_BYTES;
        return Math.multiplyExact(options.receiveFrames(), cell);
    }

    private static int frameBytes(Link link) {
        return link.mtuBytes() + Aoe.ETHERNET_HEADER_BYTES;
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
        int lent = arrivals.lend(handler, limit, this::next);
        if (System.nanoTime() - lastUpkeepNs > UPKEEP_NS) {
            upkeep();
        }
        return lent;
    }

    private byte[] next() {
        try {
            return handle.getNextRawPacket();
        } catch (NotOpenException e) {
            throw new IllegalStateException("the port is closed", e);
        }
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
    public void release(int slot) {
        slots.release(slot);
    }

    @Override
    public void flush() throws PortException {
        checkOpen();
        boolean refused = false;
        for (int i = 0; i < slots.committedCount(); i++) {
            int bytes = slots.committedBytes(i);
            slots.region().get(slots.committedOffset(i), outgoing, 0, bytes);
            if (send(bytes)) {
                counters.increment(Counter.FRAMES_SENT);
            } else {
                counters.increment(Counter.SEND_DROPS);
                refused = true;
            }
        }
        slots.clearCommitted();
        if (refused) {
            upkeep();
        }
    }

    private boolean send(int bytes) {
        try {
            handle.sendPacket(outgoing, bytes);
            return true;
        } catch (PcapNativeException e) {
            return false; // no buffers, link down, too long: libpcap tells them apart in words only
        } catch (NotOpenException e) {
            throw new IllegalStateException("the port is closed", e);
        }
    }

    @Override
    public void await(long timeoutNs) throws PortException {
        checkOpen();
        awaiting = Thread.currentThread();
        long startNs = System.nanoTime();
        long pauseNs = MIN_PAUSE_NS;
        while (!woken && !arrivals.waiting() && !arrivals.keep(next())) {
            long passedNs = System.nanoTime() - startNs;
            if (timeoutNs >= 0 && passedNs >= timeoutNs) {
                break;
            }
            if (System.nanoTime() - lastUpkeepNs > UPKEEP_NS) {
                upkeep();
            }
            LockSupport.parkNanos(
                    timeoutNs < 0 ? pauseNs : Math.min(pauseNs, timeoutNs - passedNs));
            pauseNs = Math.min(2 * pauseNs, MAX_PAUSE_NS);
        }
        awaiting = null;
        woken = false;
    }

    private void upkeep() throws PortException {
        lastUpkeepNs = System.nanoTime();
        long drops =
                PcapLibrary.call(name, () -> handle.getStats().getNumPacketsDropped())
                        & 0xffff_ffffL;
        counters.add(Counter.KERNEL_DROPS, (drops - dropsSeen) & 0xffff_ffffL);
        dropsSeen = drops;
        link.refresh();
        outgrown = link.mtuBytes() > capacityBytes - Aoe.ETHERNET_HEADER_BYTES;
    }

    @Override
    public boolean watch(int fd) {
        return fd < 0;
    }

    @Override
    public void wakeUp() {
        woken = true;
        LockSupport.unpark(awaiting);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            handle.close();
            link.close();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the port is closed");
        }
    }
}
