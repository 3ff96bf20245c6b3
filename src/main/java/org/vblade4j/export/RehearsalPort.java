// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.ByteBuffer;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.TransmitSlots;

/** A port that hears nothing and whose frames go nowhere: for {@link WarmUp}. */
final class RehearsalPort implements EthernetPort {
    static final long MAC = 0x02_00_00_00_00_01L;
    private static final int MTU_BYTES = 1500;

    private static final int PAGE_BYTES = 4096;

    private final TransmitSlots slots;

    private RehearsalPort(TransmitSlots slots) {
        this.slots = slots;
    }

    static RehearsalPort open(int slotCount, int frameBytes) {
        int slotBytes = TransmitSlots.slotBytes(frameBytes);
        int bytes = TransmitSlots.regionBytes(slotCount, slotBytes);
        ByteBuffer region = ByteBuffer.allocateDirect(bytes + PAGE_BYTES).alignedSlice(PAGE_BYTES);
        return new RehearsalPort(new TransmitSlots(region, slotCount, slotBytes));
    }

    @Override
    public long mac() {
        return MAC;
    }

    @Override
    public int mtuBytes() {
        return MTU_BYTES;
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
    public int claim() {
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
    public void release(int slot) {
        slots.release(slot);
    }

    @Override
    public void flush() {
        slots.clearCommitted();
    }

    @Override
    public void await(long timeoutNs) {}

    @Override
    public boolean watch(int fd) {
        return true;
    }

    @Override
    public void wakeUp() {}

    @Override
    public void close() {}
}
