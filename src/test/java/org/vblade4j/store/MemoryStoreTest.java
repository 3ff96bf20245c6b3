// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MemoryStoreTest {
    @Nested
    class Heap extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            return MemoryStore.heap(300);
        }
    }

    @Nested
    class Direct extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            return MemoryStore.direct(300);
        }

        @Override
        protected ByteBuffer buffer(int bytes) {
            return ByteBuffer.allocate(bytes);
        }
    }

    @Test
    void keepsItsContentsWhenItGrowsAndLosesTheTailWhenItShrinks() {
        MemoryStore store = MemoryStore.heap(4);
        StoreDriver driver = new StoreDriver(store);
        byte[] data = Patterns.random(1, 4 * 512);
        driver.write(0, data);
        store.resize(6);
        assertEquals(6, store.sectors());
        assertArrayEquals(data, driver.read(0, 4));
        assertArrayEquals(new byte[1024], driver.read(4, 2));
        store.resize(2);
        assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(2, 1));
        store.resize(4);
        assertArrayEquals(new byte[1024], driver.read(2, 2));
    }
}
