// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.engine.ShuffledEngine;
import org.vblade4j.sys.Linux;

/** Direct I/O where the kernel takes larger blocks than the store was told. */
class DirectBlocksTest {
    private static final int SECTORS = 2048;
    private static final int RUNS = 64;

    private Path image;
    private ShuffledEngine engine;
    private FileStore store;
    private final List<StoreRequest> requests = new ArrayList<>();
    private int completed;

    @BeforeEach
    void open() throws IOException {
        open(new DirectBlocks(512));
    }

    private void open(DirectBlocks blocks) throws IOException {
        image = Disks.image(Disks.directory(), 0);
        Files.write(image, Patterns.random(1, SECTORS * 512));
        DiskFile file = file(Linux.O_DIRECT);
        DiskFile tail = file(Linux.O_DSYNC);
        engine = new ShuffledEngine(new Random(5), false, file.fd(), tail.fd());
        StoreTraits traits = new StoreTraits(false, false, false, false, 512, engine.label());
        store = new FileStore(file, tail, blocks, engine, RUNS, traits);
    }

    private DiskFile file(int flags) throws IOException {
        return DiskFile.open(image, DeviceKind.REGULAR_FILE, false, flags, Platform.SYSTEM);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void write(int lba, byte[] data) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(data.length).put(0, data);
        StoreRequest request = new StoreRequest(done -> completed++);
        requests.add(request);
        store.submit(request.write(lba, data.length / 512, buffer, 0));
    }

    private void endAll() {
        engine.release();
        new StoreDriver(store).pollUntil(() -> completed == requests.size());
        for (StoreRequest request : requests) {
            assertEquals(StoreStatus.OK, request.status(), "at " + request.lba());
        }
    }

    private long bytesMovedByAWriteOfTwoSectors() {
        long before = engine.movedBytes;
        write(1001, Patterns.random(9, 1024));
        store.kick();
        endAll();
        return engine.movedBytes - before;
    }

    /** Two writes in each block of 4096, all in the kernel at once in blocks of 512. */
    @ParameterizedTest
    @ValueSource(ints = {512, 1024, 4096, 8192})
    void isFoundHoweverManyRunsFailTogether(int blockBytes) throws IOException {
        byte[] expected = Files.readAllBytes(image);
        engine.blockBytes = blockBytes;
        engine.hold();
        for (int i = 0; i < RUNS; i++) {
            byte[] data = Patterns.random(i + 2, 1024);
            write(4 * i + 1, data);
            System.arraycopy(data, 0, expected, (4 * i + 1) * 512, data.length);
        }
        store.kick();
        assertEquals(RUNS, engine.inProgress());
        endAll();
        assertArrayEquals(expected, Files.readAllBytes(image));
        int span = blockBytes == 1024 ? 2048 : blockBytes; // sectors 1001 and 1002 lie in two then
        assertEquals(blockBytes == 512 ? 1024 : 2 * span, bytesMovedByAWriteOfTwoSectors());
    }

    /** Memory that is not aligned as told costs a copy, not larger blocks. */
    @Test
    void memoryMayHaveToBeAlignedToMoreThanABlock() throws IOException {
        store.close();
        open(new DirectBlocks(512, 4096));
        engine.memoryBytes = 4096;
        ByteBuffer pages = ByteBuffer.allocateDirect(8192).alignedSlice(4096);
        for (int offset : new int[] {0, 512}) {
            long before = engine.movedBytes;
            StoreRequest request = new StoreRequest(done -> completed++);
            requests.add(request);
            store.submit(request.write(8, 2, pages, offset));
            store.kick();
            endAll();
            assertEquals(1024, engine.movedBytes - before, "memory at a page + " + offset);
        }
    }

    /** What else EINVAL may mean: that one request fails for good, and no other is slowed. */
    @Test
    void isNotChangedByARequestThatIsRefusedInAnyBlock() {
        engine.blockBytes = 1 << 30;
        write(0, new byte[1024]);
        store.kick();
        new StoreDriver(store).pollUntil(() -> completed == 1);
        assertEquals(StoreStatus.MEDIA_ERROR, requests.remove(0).status());
        completed = 0;
        engine.blockBytes = 1;
        assertEquals(1024, bytesMovedByAWriteOfTwoSectors());
    }
}
