// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.TransmitSlots;

/** A port without a network: it keeps what is sent, and its settings can be changed at will. */
final class FakePort implements EthernetPort {
    private static final int PAGE_BYTES = 4096;

    final List<byte[]> sent = new ArrayList<>();
    long mac;
    int mtuBytes;
    int claimed;
    int backlogFrames;

    /** Where gathered data is found by its address; null for a port that does not gather. */
    LongFunction<byte[]> memory;

    private final TransmitSlots slots;
    private final byte[] stale;

    FakePort(long mac, int mtuBytes, int slotCount) {
        this.mac = mac;
        this.mtuBytes = mtuBytes;
        int slotBytes = TransmitSlots.slotBytes(mtuBytes + 14);
        int regionBytes = TransmitSlots.regionBytes(slotCount, slotBytes);
        ByteBuffer region = ByteBuffer.allocateDirect(regionBytes + PAGE_BYTES);
        slots = new TransmitSlots(region.alignedSlice(PAGE_BYTES), slotCount, slotBytes);
        stale = new byte[slotBytes];
        Arrays.fill(stale, (byte) 0xee);
    }

    @Override
    public long mac() {
        return mac;
    }

    @Override
    public int mtuBytes() {
        return mtuBytes;
    }

    @Override
    public boolean outgrown() {
        return false;
    }

    @Override
    public int receive(FrameHandler handler, int limit) {
        return 0;
    }

    @Override
    public int backlogFrames() {
        return backlogFrames;
    }

    /** Leaves stale bytes in the slot, as a real port does. */
    @Override
    public int claim() {
        int slot = slots.claim();
        if (slot >= 0) {
            claimed++;
            slots.region().put(slots.offset(slot), stale);
        }
        return slot;
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
        claimed--;
    }

    @Override
    public boolean gathers() {
        return memory != null;
    }

    @Override
    public void commitGathered(int slot, int headerBytes, long address, int dataBytes) {
        slots.commitGathered(slot, headerBytes, address, dataBytes);
        claimed--;
    }

    @Override
    public int takeUnreadable() {
        return slots.takeUnreadable();
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
        claimed--;
    }

    @Override
    public void flush() {
        for (int i = 0; i < slots.committedCount(); i++) {
            byte[] frame = new byte[slots.committedBytes(i) + slots.gatherBytes(i)];
            slots.region().get(slots.committedOffset(i), frame, 0, slots.committedBytes(i));
            if (slots.gatherBytes(i) > 0) {
                byte[] data = memory.apply(slots.gatherAddress(i));
                if (data == null) {
                    slots.markUnreadable(i);
                    claimed++;
                    continue;
                }
                System.arraycopy(data, 0, frame, slots.committedBytes(i), slots.gatherBytes(i));
            }
            sent.add(frame);
        }
        slots.clearCommitted();
    }

    @Override
    public void await(long timeoutNs) {}

    @Override
    public boolean watch(int fd) {
        return fd < 0;
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {}
}
