// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class StampedSectorsTest {
    private static final long ID = 77L << 32 | 123_456;

    @Test
    void aSectorTellsItsWriteAndItsPlace() {
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer buffer = ByteBuffer.allocate(7 + 3 * 512).order(order);
            StampedSectors.stamp(buffer, 7, 1000, 3, ID);
            assertEquals(ID, StampedSectors.id(buffer, 7 + 512, 1001));
            assertEquals(StampedSectors.TORN, StampedSectors.id(buffer, 7 + 512, 1000));
            assertEquals(1001, StampedSectors.place(buffer, 7 + 512));
            for (int word = 0; word < 64; word++) {
                assertEquals(ID, StampedSectors.idOfWord(buffer, 7 + 1024, 1002, word));
            }
        }
    }

    @Test
    void zerosAreFromWriteZero() {
        assertEquals(0, StampedSectors.id(ByteBuffer.allocate(512), 0, 5));
    }

    @Property(tries = 500)
    void aSingleChangedBitShows(
            @ForAll @IntRange(max = 512 * 8 - 1) int bit,
            @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long id) {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        StampedSectors.stamp(buffer, 0, 9, 1, id);
        int at = bit / 8;
        buffer.put(at, (byte) (buffer.get(at) ^ 1 << bit % 8));
        assertEquals(StampedSectors.TORN, StampedSectors.id(buffer, 0, 9));
        assertEquals(-1, StampedSectors.place(buffer, 0));
    }
}
