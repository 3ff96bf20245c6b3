// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FilterTest {
    private long nowNs;

    private FaultyStore faulty(BlockStore next, long seed, double errorRate, long delayNs) {
        StoreFaults faults = new StoreFaults(seed, errorRate, StoreStatus.MEDIA_ERROR, delayNs);
        return new FaultyStore(next, faults, () -> nowNs);
    }

    @Nested
    class Window extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            return new SliceStore(MemoryStore.heap(400), 100, 280);
        }
    }

    @Nested
    class OpenWindow extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            return new SliceStore(MemoryStore.heap(400), 100, 0);
        }
    }

    @Nested
    class Slow extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            return faulty(MemoryStore.heap(400), 7, 0, 1000);
        }

        @Override
        protected void pass() {
            nowNs += 10;
        }
    }

    @Nested
    class Chain extends BlockStoreContract {
        @Override
        protected BlockStore open() {
            BlockStore inner = new SliceStore(MemoryStore.heap(900), 100, 700);
            return new SliceStore(faulty(inner, 8, 0, 100), 200, 400);
        }

        @Override
        protected void pass() {
            nowNs += 10;
        }
    }

    @Nested
    class ReadOnly extends ReadOnlyContract {
        @Override
        protected BlockStore open(byte[] contents) {
            return new ReadOnlyStore(filled(contents));
        }
    }

    @Nested
    class ReadOnlyChain extends ReadOnlyContract {
        @Override
        protected BlockStore open(byte[] contents) {
            BlockStore slow = faulty(filled(contents), 9, 0, 0);
            return new ReadOnlyStore(new SliceStore(slow, 0, 0));
        }
    }

    private static MemoryStore filled(byte[] contents) {
        MemoryStore store = MemoryStore.heap(contents.length / 512);
        new StoreDriver(store).write(0, contents);
        return store;
    }

    @Test
    void aChainOfAllFiltersEndsRequestsInTheirOrder() throws IOException {
        BlockStore inner = faulty(new SliceStore(MemoryStore.heap(500), 50, 0), 1, 0, 0);
        try (BlockStore chain = new ReadOnlyStore(new SliceStore(inner, 10, 400))) {
            assertEquals(inOrder(), submitAndPoll(chain));
        }
    }

    @Test
    void delaysReorderRequestsAndSoonerOrLaterAllEnd() throws IOException {
        try (BlockStore slow = faulty(MemoryStore.heap(500), 2, 0, 1_000_000)) {
            List<Long> ended = submitAndPoll(slow);
            assertNotEquals(inOrder(), ended);
            Collections.sort(ended);
            assertEquals(inOrder(), ended);
        }
    }

    private static List<Long> inOrder() {
        List<Long> lbas = new ArrayList<>();
        for (long lba = 0; lba < 40; lba++) {
            lbas.add(lba);
        }
        return lbas;
    }

    /** Counts kicks and names a descriptor. */
    private record Kicked(AtomicInteger kicks) implements BlockStore {
        @Override
        public long sectors() {
            return 30;
        }

        @Override
        public StoreTraits traits() {
            return new StoreTraits(false, false, false, 512);
        }

        @Override
        public void submit(StoreRequest request) {}

        @Override
        public void kick() {
            kicks.incrementAndGet();
        }

        @Override
        public int readyFd() {
            return 42;
        }

        @Override
        public void close() {}
    }

    private List<Long> submitAndPoll(BlockStore store) {
        List<Long> ended = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocate(512);
        for (long lba : inOrder()) {
            store.submit(new StoreRequest(r -> ended.add(r.lba())).read(lba, 1, buffer, 0));
        }
        assertEquals(List.of(), ended);
        int completed = 0;
        for (int i = 0; i < 100; i++) {
            nowNs += 20_000;
            completed += store.poll();
        }
        assertEquals(40, completed);
        return ended;
    }

    @Test
    void filtersPassKicksAndTheReadyDescriptorOn() throws IOException {
        AtomicInteger kicks = new AtomicInteger();
        BlockStore innermost = new Kicked(kicks);
        try (BlockStore chain = new ReadOnlyStore(new SliceStore(innermost, 1, 9))) {
            chain.kick();
            assertEquals(1, kicks.get());
            assertEquals(42, chain.readyFd());
        }
        try (BlockStore slow = faulty(innermost, 4, 0, 0)) {
            slow.kick();
            assertEquals(2, kicks.get());
            assertEquals(-1, slow.readyFd()); // its delays end without a sign
        }
    }

    @Test
    void aWindowFollowsTheSizeBehindIt() {
        MemoryStore whole = MemoryStore.heap(100);
        SliceStore window = new SliceStore(whole, 20, 50);
        SliceStore rest = new SliceStore(whole, 20, 0);
        whole.resize(60);
        assertEquals(40, window.sectors());
        assertEquals(40, rest.sectors());
        assertEquals(StoreStatus.OUT_OF_RANGE, new StoreDriver(window).readStatus(39, 2));
        whole.resize(10);
        assertEquals(0, window.sectors());
        whole.resize(200);
        assertEquals(50, window.sectors());
        assertEquals(180, rest.sectors());
    }

    @Test
    void aWindowKeepsWritesInsideIt() {
        MemoryStore whole = MemoryStore.heap(30);
        StoreDriver window = new StoreDriver(new SliceStore(whole, 10, 10));
        byte[] data = Patterns.random(1, 10 * 512);
        assertEquals(StoreStatus.OUT_OF_RANGE, window.write(1, data));
        assertEquals(StoreStatus.OUT_OF_RANGE, window.write(-1, data));
        assertEquals(StoreStatus.OK, window.write(0, data));
        byte[] expected = new byte[30 * 512];
        System.arraycopy(data, 0, expected, 10 * 512, data.length);
        assertArrayEquals(expected, new StoreDriver(whole).read(0, 30));
    }

    @Test
    void aBadSectorFailsWhatTouchesItUntilItIsGood() {
        FaultyStore store = faulty(MemoryStore.heap(30), 3, 0, 0);
        StoreDriver driver = new StoreDriver(store);
        store.failSector(12, StoreStatus.MEDIA_ERROR);
        store.failSector(20, StoreStatus.NO_SPACE);
        assertEquals(StoreStatus.OK, driver.readStatus(10, 2));
        assertEquals(StoreStatus.MEDIA_ERROR, driver.readStatus(10, 3));
        assertEquals(StoreStatus.NO_SPACE, driver.write(20, new byte[512]));
        store.failSector(12, StoreStatus.OK);
        assertEquals(StoreStatus.OK, driver.readStatus(10, 3));
    }

    @Test
    void errorsComeAtTheirRateAndAreTheSameForTheSameSeed() {
        List<StoreStatus> first = outcomes(11);
        long errors = first.stream().filter(s -> s == StoreStatus.MEDIA_ERROR).count();
        assertTrue(errors > 140 && errors < 260, errors + " of 1000");
        assertEquals(first, outcomes(11));
        assertNotEquals(first, outcomes(12));
    }

    private List<StoreStatus> outcomes(long seed) {
        StoreDriver driver = new StoreDriver(faulty(MemoryStore.heap(30), seed, 0.2, 0));
        List<StoreStatus> outcomes = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            outcomes.add(driver.readStatus(i % 30, 1));
        }
        return outcomes;
    }

    @Test
    void aHeldDiskEndsNothingUntilReleased() {
        FaultyStore store = faulty(MemoryStore.heap(30), 3, 0, 0);
        StoreRequest request = new StoreRequest(done -> {});
        store.hold();
        store.submit(request.read(0, 1, ByteBuffer.allocate(512), 0));
        assertEquals(0, store.poll());
        assertEquals(1, store.pending());
        store.release();
        assertEquals(1, store.poll());
        assertEquals(0, store.pending());
    }

    @Test
    void overlappingRequestsAreTheCallersMistake() {
        FaultyStore store = faulty(MemoryStore.heap(30), 3, 0, 0);
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        store.submit(new StoreRequest(done -> {}).write(4, 4, buffer, 0));
        store.submit(new StoreRequest(done -> {}).write(8, 4, buffer, 0));
        StoreRequest read = new StoreRequest(done -> {}).read(7, 1, buffer, 0);
        assertThrows(IllegalStateException.class, () -> store.submit(read));
        store.submit(new StoreRequest(done -> {}).read(12, 4, buffer, 0));
        store.submit(new StoreRequest(done -> {}).read(12, 4, buffer, 0));
        assertEquals(4, store.poll());
    }
}
