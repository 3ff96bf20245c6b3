// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.wire.AtaFrame;

/** A store that takes a batch of writes at its end is given their data where they arrived. */
class BatchTest {
    private final MemoryStore memory = MemoryStore.heap(64);
    private final Deferring store = new Deferring();
    private final TargetRig rig = new TargetRig(store);

    /** Carries writes out at the kick, straight from their buffers, and reads when told to. */
    private final class Deferring implements BlockStore {
        final List<StoreRequest> writes = new ArrayList<>();
        final List<StoreRequest> reads = new ArrayList<>();
        int batch;

        @Override
        public long sectors() {
            return memory.sectors();
        }

        @Override
        public StoreTraits traits() {
            return new StoreTraits(false, false, false, true, 512, "deferring");
        }

        @Override
        public void submit(StoreRequest request) {
            (request.op() == StoreRequest.Op.WRITE ? writes : reads).add(request);
        }

        @Override
        public void kick() {
            while (!writes.isEmpty()) {
                batch++;
                memory.submit(writes.remove(0));
            }
        }

        void finishReads() {
            while (!reads.isEmpty()) {
                memory.submit(reads.remove(0));
            }
        }

        @Override
        public void close() {}
    }

    private byte[] stored(long lba, int sectors) {
        return new StoreDriver(memory).read(lba, sectors);
    }

    @Test
    void writesOfABatchAreDoneWhenItEnds() {
        byte[] first = Patterns.random(1, 1024);
        byte[] second = Patterns.random(2, 512);
        rig.receiveBatch(
                Request.write(4, first).tag(1).bytes(), Request.write(9, second).tag(2).bytes());
        assertEquals(2, store.batch);
        assertTrue(rig.target.idle());
        assertArrayEquals(first, stored(4, 2));
        assertArrayEquals(second, stored(9, 1));
        assertEquals(2, rig.sent().size());
    }

    @Test
    void overlappingWritesOfOneBatchRunInOrder() {
        byte[] newest = Patterns.random(3, 1024);
        rig.receiveBatch(
                Request.write(4, Patterns.random(1, 1024)).tag(1).bytes(),
                Request.write(5, Patterns.random(2, 1024)).tag(2).bytes(),
                Request.write(4, newest).tag(3).bytes());
        assertTrue(rig.target.idle());
        assertArrayEquals(newest, stored(4, 2));
        assertEquals(3, rig.sent().size());
    }

    @Test
    void aWriteThatHasToWaitKeepsItsData() {
        byte[] data = Patterns.random(1, 1024);
        rig.receiveBatch(
                Request.ata(AtaFrame.READ_EXT, 2, 4).tag(1).bytes(),
                Request.write(5, data).tag(2).bytes(),
                Request.write(20, data).tag(3).bytes());
        assertEquals(1, store.batch, "the other has to wait for the read");
        store.finishReads();
        assertEquals(3, rig.sent().size());
        assertArrayEquals(data, stored(5, 2));
        assertArrayEquals(data, stored(20, 2));
        assertTrue(rig.target.idle());
    }
}
