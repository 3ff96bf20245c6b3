// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.AcceptRule;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.TransmitSlots;

/** A port of a {@link MemoryLan}. */
public final class MemoryPort implements EthernetPort {
    private static final int HEADER_BYTES = 14;
    private static final int PAGE_BYTES = 4096;

    private final MemoryLan lan;
    private final PortOptions options;
    private final long mac;
    private final Counters counters;
    private final Inbox inbox;
    private final TransmitSlots slots;
    private volatile int mtuBytes;
    private volatile boolean outgrown;
    private volatile boolean closed;

    MemoryPort(MemoryLan lan, PortOptions options, long mac, int mtuBytes, Counters counters) {
        this.lan = lan;
        this.options = options;
        this.mac = mac;
        this.mtuBytes = mtuBytes;
        this.counters = counters;
        int frameBytes = HEADER_BYTES + mtuBytes;
        inbox = new Inbox(options.receiveFrames(), frameBytes, new AcceptRule(options));
        int slotBytes = TransmitSlots.slotBytes(frameBytes);
        int regionBytes = TransmitSlots.regionBytes(options.slots(), slotBytes);
        ByteBuffer memory = ByteBuffer.allocateDirect(regionBytes + PAGE_BYTES);
        slots = new TransmitSlots(memory.alignedSlice(PAGE_BYTES), options.slots(), slotBytes);
    }

    /** Any thread: as if the interface's MTU were set; kept to what the port has room for. */
    public void changeMtu(int mtuBytes) {
        int capacityBytes = inbox.frameBytes() - HEADER_BYTES;
        this.mtuBytes = Math.min(mtuBytes, capacityBytes);
        this.outgrown = mtuBytes > capacityBytes;
    }

    @Override
    public long mac() {
        return mac;
    }

    boolean hears(long destination) {
        return destination == mac || options.isStation(destination);
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public boolean outgrown() {
        return outgrown;
    }

    @Override
    public int receive(FrameHandler handler, int limit) {
        checkOpen();
        counters.add(Counter.KERNEL_DROPS, inbox.takeOverflows());
        counters.add(Counter.TRUNCATED_DROPS, inbox.takeTruncations());
        int count = Math.min(limit, inbox.waiting());
        int lent = 0;
        for (int i = 0; i < count; i++) {
            int offset = inbox.offset(i);
            if (MemoryLan.isMulticast(inbox.buffer(), offset)) {
                counters.increment(Counter.OTHER_HOST_DROPS);
            } else {
                handler.onFrame(inbox.buffer(), offset, inbox.lengthBytes(i));
                lent++;
            }
        }
        if (lent > 0) {
            handler.batchEnd();
        }
        inbox.pop(count);
        counters.add(Counter.FRAMES_RECEIVED, lent);
        return lent;
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
    public void flush() {
        checkOpen();
        int count = slots.committedCount();
        for (int i = 0; i < count; i++) {
            int bytes = slots.committedBytes(i);
            if (bytes < HEADER_BYTES || bytes > HEADER_BYTES + mtuBytes) {
                counters.increment(Counter.SEND_DROPS);
            } else {
                lan.transmit(mac, slots.region(), slots.committedOffset(i), bytes);
                counters.increment(Counter.FRAMES_SENT);
            }
        }
        slots.clearCommitted();
    }

    @Override
    public void await(long timeoutNs) {
        checkOpen();
        inbox.await(timeoutNs);
    }

    @Override
    public boolean watch(int fd) {
        return fd < 0;
    }

    @Override
    public void wakeUp() {
        inbox.wakeUp();
    }

    @Override
    public void close() {
        closed = true;
        lan.disconnect(this);
    }

    Inbox inbox() {
        return inbox;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the port is closed");
        }
    }
}
