// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.TransmitSlots;

/**
 * A packet socket on a virtual clock: a receive ring that is full after some frames, whose places
 * are overwritten the moment they are given back, by frames that have waited on the wire or by
 * rubbish; transmit slots in memory that is gone when the port is closed; and an interface that now
 * and then has no buffers. What is gathered is read from the kernel's memory when it is sent.
 */
final class SimPort implements EthernetPort {
    /** What passes while the port's thread works or sleeps. */
    interface Time {
        /** The thread has done something. Throws when its process is gone. */
        void work();

        /** The thread sleeps until then, or until something has woken it. */
        void sleep(long timeoutNs, BooleanSupplier woken);

        /** The descriptor that is watched polls readable. */
        boolean ready();
    }

    /** Sees what passes. */
    interface Tap {
        /** The target is about to see this frame. */
        void arrived(ByteBuffer buffer, int offset, int lengthBytes);

        /** The target has dropped the frame it saw last. */
        void dropped(ByteBuffer buffer, int offset);

        /** Takes a frame that is sent; if it is lost, the interface had no buffer for it. */
        void sent(byte[] frame, boolean lost);
    }

    /** Frames on the wire that find room when the ring has some again. */
    private static final int ON_THE_WIRE = 24;

    private static final int HEADER_BYTES = 14;
    private static final byte RUBBISH = 0x5b;

    private final SplittableRandom random;
    private final SimKernel kernel;
    private final Time clock;
    private final Counters counters;
    private final Tap tap;
    private final Tally tally;
    private final long mac;
    private final int mtuBytes;
    private final TransmitSlots slots;
    private final ByteBuffer ring;
    private final int placeBytes;
    private final int[] lengths;
    private final ArrayDeque<byte[]> wire = new ArrayDeque<>();
    private final ArrayDeque<Runnable> late = new ArrayDeque<>();
    private int watched = -1;
    private int head;
    private int waiting;
    private boolean closed;

    /** Told that a batch is over, in place of the handler: a defect; usually null. */
    Runnable insteadOfBatchEnd;

    /** A defect: gathered frames are read some time after they count as sent. */
    boolean gathersLate;

    SimPort(
            SplittableRandom random,
            SimKernel kernel,
            Time clock,
            Counters counters,
            Tap tap,
            Tally tally,
            long mac,
            int mtuBytes,
            int ringFrames,
            int slotCount) {
        this.random = random;
        this.kernel = kernel;
        this.clock = clock;
        this.counters = counters;
        this.tap = tap;
        this.tally = tally;
        this.mac = mac;
        this.mtuBytes = mtuBytes;
        int frameBytes = HEADER_BYTES + mtuBytes;
        placeBytes = (frameBytes + 63) & -64;
        lengths = new int[ringFrames];
        ring = ByteBuffer.allocateDirect(ringFrames * placeBytes);
        int slotBytes = TransmitSlots.slotBytes(frameBytes);
        int regionBytes = TransmitSlots.regionBytes(slotCount, slotBytes);
        ByteBuffer region = ByteBuffer.allocateDirect(regionBytes + SimDisk.PAGE_BYTES);
        slots = new TransmitSlots(region.alignedSlice(SimDisk.PAGE_BYTES), slotCount, slotBytes);
    }

    /** A frame arrives. */
    void offer(byte[] frame) {
        if (closed || frame.length > HEADER_BYTES + mtuBytes) {
            return;
        }
        if (waiting < lengths.length && wire.isEmpty()) {
            put(frame);
        } else if (wire.size() < ON_THE_WIRE) {
            wire.add(frame);
        } else {
            tally.add(Tally.Event.FRAMES_LOST);
        }
    }

    private void put(byte[] frame) {
        int place = (head + waiting++) % lengths.length;
        lengths[place] = frame.length;
        ring.put(place * placeBytes, frame);
    }

    @Override
    public int receive(FrameHandler handler, int limit) {
        clock.work();
        for (Runnable one = late.poll(); one != null; one = late.poll()) {
            one.run();
        }
        int count = Math.min(limit, waiting);
        for (int i = 0; i < count; i++) {
            int place = (head + i) % lengths.length;
            show(handler, place * placeBytes, lengths[place]);
        }
        if (count > 0) {
            if (insteadOfBatchEnd == null) {
                handler.batchEnd();
            } else {
                insteadOfBatchEnd.run();
            }
        }
        for (int i = 0; i < count; i++) {
            giveBack();
        }
        return count;
    }

    private void show(FrameHandler handler, int offset, int lengthBytes) {
        tap.arrived(ring, offset, lengthBytes);
        long before = drops();
        handler.onFrame(ring, offset, lengthBytes);
        if (drops() != before) {
            tap.dropped(ring, offset);
        }
    }

    private long drops() {
        return counters.value(Counter.DUPLICATE_DROPS)
                + counters.value(Counter.SLOT_DROPS)
                + counters.value(Counter.FAIR_DROPS);
    }

    private void giveBack() {
        fill(ring, head * placeBytes, placeBytes);
        head = (head + 1) % lengths.length;
        waiting--;
        byte[] next = wire.poll();
        if (next != null) {
            tally.add(Tally.Event.FRAMES_REPLACED);
            put(next);
        }
    }

    private static void fill(ByteBuffer buffer, int from, int bytes) {
        byte[] rubbish = new byte[bytes];
        Arrays.fill(rubbish, RUBBISH);
        buffer.put(from, rubbish);
    }

    @Override
    public int backlogFrames() {
        return waiting >= lengths.length / 2 ? lengths.length / 2 : 0;
    }

    @Override
    public void flush() {
        if (slots.committedCount() > 0 && random.nextInt(4) == 0) {
            clock.work(); // between the decision to send and the sending
        }
        boolean refuses = slots.committedCount() > 0 && random.nextInt(64) == 0;
        tally.add(Tally.Event.BUFFERS_RUN_OUT, refuses ? 1 : 0);
        for (int i = 0; i < slots.committedCount(); i++) {
            byte[] frame = new byte[slots.committedBytes(i) + slots.gatherBytes(i)];
            slots.region().get(slots.committedOffset(i), frame, 0, slots.committedBytes(i));
            if (slots.gatherBytes(i) == 0) {
                tap.sent(frame, refuses);
            } else {
                gather(i, frame, refuses);
            }
        }
        slots.clearCommitted();
    }

    private void gather(int index, byte[] frame, boolean lost) {
        int headerBytes = slots.committedBytes(index);
        long address = slots.gatherAddress(index);
        if (gathersLate) {
            late.add(() -> finish(frame, headerBytes, address, lost));
        } else if (!finish(frame, headerBytes, address, lost)) {
            slots.markUnreadable(index);
        }
    }

    private boolean finish(byte[] frame, int headerBytes, long address, boolean lost) {
        byte[] data = kernel.gather(address, frame.length - headerBytes);
        if (data == null) {
            return false;
        }
        System.arraycopy(data, 0, frame, headerBytes, data.length);
        tap.sent(frame, lost);
        return true;
    }

    @Override
    public void await(long timeoutNs) {
        clock.sleep(timeoutNs, () -> waiting > 0 || (watched >= 0 && clock.ready()));
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            fill(slots.region(), 0, slots.region().capacity());
            fill(ring, 0, ring.capacity());
        }
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
    public int claim() {
        int slot = slots.claim();
        tally.add(Tally.Event.SLOTS_RUN_OUT, slot < 0 ? 1 : 0);
        if (slot >= 0) {
            fill(slots.region(), slots.offset(slot), slots.slotBytes());
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
    public int takeUnreadable() {
        return slots.takeUnreadable();
    }

    @Override
    public void release(int slot) {
        slots.release(slot);
    }

    @Override
    public boolean watch(int fd) {
        watched = fd;
        return true;
    }

    @Override
    public void wakeUp() {}
}
