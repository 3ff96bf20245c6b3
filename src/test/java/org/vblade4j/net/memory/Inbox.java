// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

import java.nio.ByteBuffer;
import org.vblade4j.net.AcceptRule;
import org.vblade4j.net.ReturnedFrames;
import org.vblade4j.net.TransmitSlots;

/**
 * The frames that wait for one port, in storage made beforehand. Senders offer under the monitor;
 * the port's thread reads the frames from the head without it, because nobody else touches them
 * until {@link #pop}. A frame's data is aligned to 512 bytes, as in a packet ring.
 */
final class Inbox {
    private static final int ALIGNMENT = 512;
    private static final int FRAME_START = ALIGNMENT - TransmitSlots.HEADER_BYTES;

    /** Lent to the port's handler, which may move its limit and put it back. */
    private final ByteBuffer frames;

    /** The same memory for senders, who must not see that. */
    private final ByteBuffer intake;

    private final int strideBytes;
    private final int capacity;
    private final int[] lengths;
    private final AcceptRule rule;
    private long head;
    private long tail;
    private int heldFor;
    private int overflows;
    private int truncations;
    private boolean woken;

    Inbox(int capacity, int frameBytes, AcceptRule rule) {
        this.capacity = capacity;
        this.rule = rule;
        strideBytes = (FRAME_START + frameBytes + ALIGNMENT - 1) & -ALIGNMENT;
        int bytes = Math.multiplyExact(capacity + 1, strideBytes); // the last one is the held frame
        frames = ByteBuffer.allocateDirect(bytes + ALIGNMENT).alignedSlice(ALIGNMENT);
        intake = frames.duplicate();
        lengths = new int[capacity + 1];
    }

    int frameBytes() {
        return strideBytes - FRAME_START;
    }

    ByteBuffer buffer() {
        return frames;
    }

    /** Where the {@code index}th oldest frame starts; the port's thread, below {@link #waiting}. */
    int offset(int index) {
        return start(place(head + index));
    }

    int lengthBytes(int index) {
        return lengths[place(head + index)];
    }

    synchronized int waiting() {
        return (int) (tail - head);
    }

    synchronized void pop(int count) {
        for (int i = 0; i < count; i++) {
            assert ReturnedFrames.overwrite(frames, offset(i), lengthBytes(i));
        }
        head += count;
    }

    /**
     * Takes a copy of a frame if there is room and the rule accepts it.
     *
     * @param flipBit the bit to corrupt, or -1
     */
    synchronized void offer(ByteBuffer source, int offset, int lengthBytes, int flipBit) {
        if (tail - head == capacity) {
            overflows++;
        } else if (lengthBytes > frameBytes()) {
            truncations++;
        } else if (store(place(tail), source, offset, lengthBytes, flipBit)) {
            tail++;
            notifyAll();
        }
        if (heldFor > 0 && --heldFor == 0) {
            offer(intake, start(capacity), lengths[capacity], -1);
        }
    }

    /** Keeps a frame back until {@code count} others have come; false when one is kept already. */
    synchronized boolean hold(ByteBuffer source, int offset, int lengthBytes, int count) {
        if (heldFor > 0 || lengthBytes > frameBytes()) {
            return false;
        }
        copy(source, offset, lengthBytes, start(capacity));
        lengths[capacity] = lengthBytes;
        heldFor = count;
        return true;
    }

    private boolean store(int place, ByteBuffer source, int offset, int lengthBytes, int flipBit) {
        int start = start(place);
        copy(source, offset, lengthBytes, start);
        if (flipBit >= 0) {
            int at = start + (flipBit >> 3);
            intake.put(at, (byte) (intake.get(at) ^ (1 << (flipBit & 7))));
        }
        lengths[place] = lengthBytes;
        return rule.accepts(intake, start, lengthBytes);
    }

    private void copy(ByteBuffer source, int offset, int lengthBytes, int start) {
        intake.put(start, source, offset, lengthBytes);
    }

    private int place(long position) {
        return (int) (position % capacity);
    }

    private int start(int place) {
        return place * strideBytes + FRAME_START;
    }

    /** Frames lost for want of room since the last call. */
    synchronized int takeOverflows() {
        int count = overflows;
        overflows = 0;
        return count;
    }

    /** Frames too long for this port since the last call. */
    synchronized int takeTruncations() {
        int count = truncations;
        truncations = 0;
        return count;
    }

    synchronized void wakeUp() {
        woken = true;
        notifyAll();
    }

    /** As {@link org.vblade4j.net.EthernetPort#await}; an interrupt ends it too. */
    synchronized void await(long timeoutNs) {
        long start = System.nanoTime();
        try {
            while (!woken && head == tail) {
                long restNs = timeoutNs - (System.nanoTime() - start);
                if (timeoutNs < 0) {
                    wait();
                } else if (restNs > 0) {
                    wait(restNs / 1_000_000, (int) (restNs % 1_000_000));
                } else {
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        woken = false;
    }
}
