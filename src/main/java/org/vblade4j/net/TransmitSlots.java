// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The book-keeping of a port's transmit slots: which are free, which are claimed, and which are
 * committed in which order. The port's thread only.
 *
 * <pre>
 * region:  | page 0         | slot 0's data ...      | slot 1's data ...      |
 *                  ^ slot 0's header  ^ slot 1's header
 * </pre>
 *
 * A slot is {@link #slotBytes} long, whole pages, and starts {@link #HEADER_BYTES} before a page,
 * so that a frame's data is page aligned in memory when the region is.
 */
public final class TransmitSlots {
    /** Ethernet, AoE and ATA headers: a frame's data follows (AoEr11 §2 and §3). */
    public static final int HEADER_BYTES = 36;

    private static final int PAGE_BYTES = 4096;
    private static final byte FREE = 0;
    private static final byte CLAIMED = 1;
    private static final byte COMMITTED = 2;

    private final ByteBuffer region;
    private final int slotBytes;
    private final byte[] states;
    private final int[] free;
    private final int[] committed;
    private final int[] lengths;
    private final long[] gatherAddresses;
    private final int[] gatherBytes;
    private final int[] unreadable;
    private int unreadableCount;
    private int freeCount;
    private int committedCount;

    /** The bytes a slot has for frames of up to {@code frameBytes}. */
    public static int slotBytes(int frameBytes) {
        return Math.max(roundUp(frameBytes - HEADER_BYTES), PAGE_BYTES);
    }

    /** The region's length for so many slots. */
    public static int regionBytes(int slots, int slotBytes) {
        return Math.addExact(PAGE_BYTES, Math.multiplyExact(slots, slotBytes));
    }

    /**
     * @param region big-endian, page aligned, {@link #regionBytes} long
     * @param slotBytes from {@link #slotBytes(int)}
     */
    public TransmitSlots(ByteBuffer region, int slots, int slotBytes) {
        this.region = region;
        this.slotBytes = slotBytes;
        states = new byte[slots];
        free = new int[slots];
        committed = new int[slots];
        lengths = new int[slots];
        gatherAddresses = new long[slots];
        gatherBytes = new int[slots];
        unreadable = new int[slots];
        Arrays.setAll(free, i -> slots - 1 - i);
        freeCount = slots;
    }

    public ByteBuffer region() {
        return region;
    }

    public int slotBytes() {
        return slotBytes;
    }

    public int offset(int slot) {
        return PAGE_BYTES - HEADER_BYTES + slot * slotBytes;
    }

    /** As {@link EthernetPort#claim}. */
    public int claim() {
        if (freeCount == 0) {
            return -1;
        }
        int slot = free[--freeCount];
        states[slot] = CLAIMED;
        return slot;
    }

    /** As {@link EthernetPort#release}. */
    public void release(int slot) {
        leave(slot, FREE);
        free[freeCount++] = slot;
    }

    /** As {@link EthernetPort#commit}. */
    public void commit(int slot, int lengthBytes) {
        commitGathered(slot, lengthBytes, 0, 0);
    }

    /** As {@link EthernetPort#commitGathered}. */
    public void commitGathered(int slot, int lengthBytes, long address, int dataBytes) {
        if (lengthBytes <= 0 || lengthBytes > slotBytes) {
            throw new IllegalArgumentException(
                    "frame of " + lengthBytes + " bytes, a slot holds " + slotBytes);
        }
        leave(slot, COMMITTED);
        committed[committedCount] = slot;
        gatherAddresses[committedCount] = address;
        gatherBytes[committedCount] = dataBytes;
        lengths[committedCount++] = lengthBytes;
    }

    private void leave(int slot, byte state) {
        if (states[slot] != CLAIMED) {
            throw new IllegalStateException("slot " + slot + " is not claimed");
        }
        states[slot] = state;
    }

    /** How many frames wait for {@link EthernetPort#flush}. */
    public int committedCount() {
        return committedCount;
    }

    /** Where the {@code index}th waiting frame starts in the region. */
    public int committedOffset(int index) {
        return offset(committed[index]);
    }

    /** What the {@code index}th waiting frame's slot holds of it. */
    public int committedBytes(int index) {
        return lengths[index];
    }

    /** Where the rest of the {@code index}th waiting frame lies. */
    public long gatherAddress(int index) {
        return gatherAddresses[index];
    }

    /** The length of that rest; 0 when the slot holds all of the frame. */
    public int gatherBytes(int index) {
        return gatherBytes[index];
    }

    /** The {@code index}th waiting frame's rest could not be read: keeps its slot claimed. */
    public void markUnreadable(int index) {
        int slot = committed[index];
        states[slot] = CLAIMED;
        unreadable[unreadableCount++] = slot;
    }

    /** As {@link EthernetPort#takeUnreadable}. */
    public int takeUnreadable() {
        return unreadableCount == 0 ? -1 : unreadable[--unreadableCount];
    }

    /** All other waiting frames were sent or dropped: their slots are free. */
    public void clearCommitted() {
        for (int i = 0; i < committedCount; i++) {
            int slot = committed[i];
            if (states[slot] == COMMITTED) {
                states[slot] = FREE;
                free[freeCount++] = slot;
            }
        }
        committedCount = 0;
    }

    private static int roundUp(int bytes) {
        return (bytes + PAGE_BYTES - 1) & -PAGE_BYTES;
    }
}
