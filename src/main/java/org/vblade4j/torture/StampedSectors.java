// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sectors that tell which write they come from: a number, where it was to go, and 496 bytes that
 * follow from both, so that a mixture of two writes is neither. A sector of zeros is from write 0.
 * Buffers of either byte order; offsets are absolute.
 */
public final class StampedSectors {
    public static final int BYTES = 512;
    public static final long TORN = -1;
    private static final int WORDS = BYTES / 8;
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;
    private static final int LBA_BITS = 48;
    private static final long ID_FACTOR = 0x1_0001;

    private StampedSectors() {}

    /** Fills {@code sectors} from the buffer's offset, as write {@code id} has them. */
    public static void stamp(ByteBuffer buffer, int offset, long lba, int sectors, long id) {
        for (int i = 0; i < sectors; i++) {
            for (int word = 0; word < WORDS; word++) {
                put(buffer, offset + i * BYTES + word * 8, word(word, lba + i, id));
            }
        }
    }

    /**
     * Which write a sector is from; {@link #TORN} when from none, or not from one for its place.
     */
    public static long id(ByteBuffer buffer, int offset, long lba) {
        long id = get(buffer, offset);
        return isFrom(buffer, offset, lba, id) ? id : TORN;
    }

    /** The place that an intact sector was written for; -1 when it is not intact. */
    static long place(ByteBuffer buffer, int offset) {
        long lba = get(buffer, offset + 8);
        boolean valid = lba >>> LBA_BITS == 0;
        return valid && isFrom(buffer, offset, lba, get(buffer, offset)) ? lba : -1;
    }

    /**
     * The write that one of a sector's 64 words comes from, if it comes from one for that place at
     * all: any number results from any word.
     */
    static long idOfWord(ByteBuffer buffer, int offset, long lba, int word) {
        long value = get(buffer, offset + word * 8);
        return switch (word) {
            case 0 -> value;
            case 1 -> value == lba ? get(buffer, offset) : TORN;
            default -> (value * inverse(GOLDEN_GAMMA) - lba * BYTES - word) * inverse(ID_FACTOR);
        };
    }

    private static boolean isFrom(ByteBuffer buffer, int offset, long lba, long id) {
        for (int word = 0; word < WORDS; word++) {
            long expected = id == 0 ? 0 : word(word, lba, id);
            if (get(buffer, offset + word * 8) != expected) {
                return false;
            }
        }
        return true;
    }

    private static long word(int word, long lba, long id) {
        return switch (word) {
            case 0 -> id;
            case 1 -> lba;
            default -> (id * ID_FACTOR + lba * BYTES + word) * GOLDEN_GAMMA;
        };
    }

    /** Of an odd number modulo 2^64, by Newton's iteration: each step doubles the right bits. */
    private static long inverse(long odd) {
        long inverse = odd;
        for (int bits = 3; bits < Long.SIZE; bits *= 2) {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }

    private static void put(ByteBuffer buffer, int at, long value) {
        buffer.putLong(
                at, buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value));
    }

    private static long get(ByteBuffer buffer, int at) {
        long value = buffer.getLong(at);
        return buffer.order() == ByteOrder.BIG_ENDIAN ? value : Long.reverseBytes(value);
    }
}
