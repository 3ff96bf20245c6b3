// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.store.BlockStore;

/**
 * What a test writes into a sector so that its place can be told: the sector's number, then 63
 * numbers that follow from it and a seed, each eight bytes, little-endian whatever the buffer's
 * order. Immutable; any thread.
 */
public final class SectorPattern {
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L; // SplittableRandom's step

    private final long seed;

    public SectorPattern(long seed) {
        this.seed = seed;
    }

    /** Fills the 512 bytes from the absolute {@code at}. */
    public void put(ByteBuffer buffer, int at, long lba) {
        boolean swap = buffer.order() == ByteOrder.BIG_ENDIAN;
        for (int i = 0; i < BlockStore.SECTOR_BYTES; i += Long.BYTES) {
            long word = word(lba, i);
            buffer.putLong(at + i, swap ? Long.reverseBytes(word) : word);
        }
    }

    /** Whether {@link #put} could have left the 512 bytes there. */
    public boolean matches(ByteBuffer buffer, int at, long lba) {
        boolean swap = buffer.order() == ByteOrder.BIG_ENDIAN;
        for (int i = 0; i < BlockStore.SECTOR_BYTES; i += Long.BYTES) {
            long word = buffer.getLong(at + i);
            if ((swap ? Long.reverseBytes(word) : word) != word(lba, i)) {
                return false;
            }
        }
        return true;
    }

    private long word(long lba, int i) {
        long mixed = (seed + lba * BlockStore.SECTOR_BYTES + i) * GOLDEN_GAMMA;
        return i == 0 ? lba : mixed ^ mixed >>> 29;
    }
}
