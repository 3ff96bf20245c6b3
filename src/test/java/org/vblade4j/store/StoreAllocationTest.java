// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.sys.NativeMemory;

class StoreAllocationTest {
    private static final int SECTORS = 1024;
    private static final int REQUESTS = 20_000;

    private record Case(String desc, boolean memory, boolean direct, int offset, int slice) {
        @Override
        public String toString() {
            return desc;
        }

        BlockStore open() throws Exception {
            if (memory) {
                return new SliceStore(MemoryStore.direct(SECTORS), slice, 0);
            }
            Path image = Disks.image(Disks.directory(), SECTORS * 512L);
            return Stores.open(image, new StoreOptions(direct, false, false, slice, 0));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("memory behind a window", true, false, 36, 8),
                new Case("file", false, false, 36, 0),
                new Case("file behind a window", false, false, 36, 8),
                new Case("direct, aligned", false, true, 4096, 0),
                new Case("direct, not aligned", false, true, 36, 8));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsWritesAndFlushesAllocateNothing(Case c) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        StoreRequest request = new StoreRequest(done -> {});
        try (BlockStore store = c.open();
                NativeMemory memory = NativeMemory.allocate(16384)) {
            int requests = c.direct ? REQUESTS / 10 : REQUESTS;
            run(store, request, memory.buffer(), c.offset, requests);
            long before = threads.getCurrentThreadAllocatedBytes();
            run(store, request, memory.buffer(), c.offset, requests);
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertEquals(0, allocated / requests, "bytes a request, " + allocated + " in all");
        }
    }

    private static void run(
            BlockStore store, StoreRequest request, ByteBuffer buffer, int offset, int requests) {
        for (int i = 0; i < requests; i++) {
            int lba = (i * 2) % (SECTORS - 64);
            store.submit(request.write(lba, 2, buffer, offset));
            assertOk(request);
            store.submit(request.read(lba, 2, buffer, offset));
            assertOk(request);
        }
        store.submit(request.flush());
        assertOk(request);
    }

    private static void assertOk(StoreRequest request) {
        if (request.status() != StoreStatus.OK) {
            throw new AssertionError(request.op() + ": " + request.status());
        }
    }
}
