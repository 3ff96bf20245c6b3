// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Sectors that tell which write they come from: a number, where it was to go, and 496 bytes that
 * follow from both, so that a mixture of two writes is neither. A sector of zeros is from write 0.
 */
final class StampedSectors {
    static final int BYTES = 512;
    static final long TORN = -1;
    private static final long GOLDEN_GAMMA = 0x9e37_79b9_7f4a_7c15L;

    private StampedSectors() {}

    /** Fills {@code sectors} from the buffer's absolute offset, as write {@code id} has them. */
    static void stamp(ByteBuffer buffer, int offset, long lba, int sectors, long id) {
        for (int i = 0; i < sectors; i++) {
            for (int word = 0; word < BYTES / 8; word++) {
                put(buffer, offset + i * BYTES + word * 8, word(word, lba + i, id));
            }
        }
    }

    /**
     * Which write a sector is from; {@link #TORN} when from none, or not from one for its place.
     */
    static long id(ByteBuffer buffer, int offset, long lba) {
        long id = get(buffer, offset);
        for (int word = 0; word < BYTES / 8; word++) {
            long expected = id == 0 ? 0 : word(word, lba, id);
            if (get(buffer, offset + word * 8) != expected) {
                return TORN;
            }
        }
        return id;
    }

    private static long word(int word, long lba, long id) {
        return switch (word) {
            case 0 -> id;
            case 1 -> lba;
            default -> (id * 0x1_0001 + lba * BYTES + word) * GOLDEN_GAMMA;
        };
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
