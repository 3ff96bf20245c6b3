// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;

class DelayStoreTest {
    private static final long DELAY_NS = 2_000_000;
    private static final long SECOND_NS = 1_000_000_000;

    private int ended;

    @Nested
    class OverMemory extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            return DelayStore.over(MemoryStore.heap(300), 1000);
        }
    }

    @Nested
    class OverAFile extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            BlockStore file =
                    Stores.open(Disks.image(Disks.directory(), 300 * 512), StoreOptions.DEFAULTS);
            return DelayStore.over(file, 1000);
        }
    }

    /** More than its first queue holds, and with its head in the middle when that grows. */
    @Test
    void anyNumberOfRequestsWaitTogether() throws Exception {
        try (BlockStore store = DelayStore.over(MemoryStore.heap(300), DELAY_NS)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(512);
            submit(store, 40, buffer);
            long startNs = System.nanoTime();
            while (ended < 40) {
                store.poll();
            }
            submit(store, 250, buffer);
            assertEquals(40, ended, "nothing ends before its time");
            while (ended < 290) {
                store.poll();
            }
            long tookNs = System.nanoTime() - startNs;
            assertTrue(tookNs >= DELAY_NS && tookNs < 100 * DELAY_NS, tookNs + " ns");
        }
    }

    @Test
    void itsDescriptorTellsWhenADelayHasPassedAndWhenTheStoreBehindIsDone() throws Exception {
        BlockStore file =
                Stores.open(Disks.image(Disks.directory(), 300 * 512), StoreOptions.DEFAULTS);
        try (BlockStore store = DelayStore.over(file, DELAY_NS);
                NativeMemory poll = NativeMemory.allocate(4096)) {
            poll.buffer().putLong(0, Long.reverseBytes(store.readyFd() | 1L << 32));
            poll.buffer().putLong(64, Long.reverseBytes(5L));
            for (int i = 0; i < 20; i++) {
                store.submit(new StoreRequest(done -> ended++).flush());
                store.kick();
                long startNs = System.nanoTime();
                while (ended == i) {
                    assertEquals(1, Libc.ppoll(poll.address(), 1, poll.address() + 64, 0));
                    store.poll();
                    store.kick();
                }
                assertTrue(System.nanoTime() - startNs < 10 * SECOND_NS);
            }
        }
    }

    private void submit(BlockStore store, int count, ByteBuffer buffer) {
        for (int i = 0; i < count; i++) {
            store.submit(new StoreRequest(done -> ended++).read(i, 1, buffer, 0));
        }
        store.kick();
    }
}
