// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.sys.NativeMemory;

class StoreAllocationTest {
    private static final int SECTORS = 1024;
    private static final int IN_FLIGHT = 32;

    private int ended;

    private record Case(String desc, int offset, BlockStore store) {
        @Override
        public String toString() {
            return desc;
        }
    }

    static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        BlockStore memory = MemoryStore.direct(SECTORS + 8);
        cases.add(new Case("memory behind a window", 36, new SliceStore(memory, 8, 0)));
        for (EngineChoice engine : EngineChoice.values()) {
            cases.add(
                    file(
                            "file, " + engine,
                            36,
                            new StoreOptions(false, false, false, 0, 0),
                            engine));
            cases.add(
                    file(
                            "durable, " + engine,
                            0,
                            new StoreOptions(false, true, false, 8, 0),
                            engine));
            cases.add(
                    file(
                            "direct, " + engine,
                            4096,
                            new StoreOptions(true, false, false, 0, 0),
                            engine));
            cases.add(
                    file(
                            "direct, not aligned, " + engine,
                            36,
                            new StoreOptions(true, false, false, 8, 0),
                            engine));
        }
        return cases.stream();
    }

    private static Case file(String desc, int offset, StoreOptions options, EngineChoice engine)
            throws IOException {
        Path image = Disks.image(Disks.directory(), (SECTORS + 8) * 512L);
        return new Case(desc, offset, Stores.open(image, options.on(engine, IN_FLIGHT / 2)));
    }

    /** Every fourth request is apart from the one before it: some are merged, some are not. */
    @ParameterizedTest
    @MethodSource("cases")
    void readsWritesAndFlushesAllocateNothing(Case c) throws Exception {
        StoreRequest[] requests = new StoreRequest[IN_FLIGHT];
        Arrays.setAll(requests, i -> new StoreRequest(done -> ended++));
        try (BlockStore store = c.store;
                NativeMemory memory = NativeMemory.allocate(IN_FLIGHT * 8192)) {
            int batches = store.traits().durableWrites() ? 100 : 500;
            run(store, requests, memory.buffer(), c.offset, batches);
            long own = -allocatedBytes() + allocatedBytes();
            long before = allocatedBytes() + own;
            run(store, requests, memory.buffer(), c.offset, batches);
            long allocated = allocatedBytes() - before;
            assertTrue(
                    allocated < (long) batches * IN_FLIGHT,
                    "less than a byte a request, but " + allocated + " in " + batches + " batches");
        }
    }

    /** This thread's and those of its stores' workers. */
    private static long allocatedBytes() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        String workers = Thread.currentThread().getName() + "-io";
        long bytes = 0;
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().startsWith(workers)) {
                bytes += threads.getThreadAllocatedBytes(id);
            }
        }
        return bytes + threads.getCurrentThreadAllocatedBytes();
    }

    private void run(
            BlockStore store, StoreRequest[] requests, ByteBuffer buffer, int offset, int batches) {
        for (int batch = 0; batch < batches; batch++) {
            int start = batch * 7 % (SECTORS - 8 * IN_FLIGHT);
            for (int i = 0; i < requests.length; i++) {
                int lba = start + 2 * i + i / 4;
                int at = offset + 8192 * i;
                store.submit(
                        batch % 2 == 0
                                ? requests[i].write(lba, 2, buffer, at)
                                : requests[i].read(lba, 2, buffer, at));
            }
            finish(store, requests);
        }
        store.submit(requests[0].flush());
        finish(store, requests[0]);
    }

    private void finish(BlockStore store, StoreRequest... requests) {
        while (ended < requests.length) {
            store.kick();
            store.poll();
        }
        ended = 0;
        for (StoreRequest request : requests) {
            if (request.status() != StoreStatus.OK) {
                throw new AssertionError(request.op() + ": " + request.status());
            }
        }
    }
}
