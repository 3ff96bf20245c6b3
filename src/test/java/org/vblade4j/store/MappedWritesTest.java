// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MappedWritesTest {
    private static final int SECTORS = 4096;
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Disks.image(Disks.directory(), 0);
        Files.write(image, Patterns.random(1, SECTORS * 512)); // no holes, all in memory
    }

    /** Counts what is left to the store behind. */
    private record Behind(BlockStore next, AtomicInteger counted) implements BlockStore {
        int writes() {
            return counted.get();
        }

        @Override
        public void submit(StoreRequest request) {
            counted.addAndGet(request.op() == StoreRequest.Op.WRITE ? 1 : 0);
            next.submit(request);
        }

        @Override
        public long sectors() {
            return next.sectors();
        }

        @Override
        public StoreTraits traits() {
            return next.traits();
        }

        @Override
        public void kick() {
            next.kick();
        }

        @Override
        public int poll() {
            return next.poll();
        }

        @Override
        public void close() throws IOException {
            next.close();
        }
    }

    private static Behind file(Path path, boolean synced) throws IOException {
        StoreOptions options = new StoreOptions(false, synced, false, 0, 0);
        return new Behind(
                FileStores.open(path, DeviceKind.REGULAR_FILE, options, Platform.SYSTEM),
                new AtomicInteger());
    }

    private static void settle(BlockStore store, StoreRequest... requests) {
        StoreDriver driver = new StoreDriver(store);
        assertEquals(StoreStatus.OK, driver.flush());
        for (StoreRequest request : requests) {
            assertEquals(StoreStatus.OK, request.status());
        }
    }

    @Test
    void aBatchIsWrittenWithoutTheStoreBehind() throws IOException {
        Behind behind = file(image, false);
        byte[] expected = Files.readAllBytes(image);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            ByteBuffer data = ByteBuffer.allocateDirect(1 << 20);
            data.put(0, Patterns.random(2, data.capacity()));
            List<StoreRequest> batch = new ArrayList<>();
            int[] completed = {0};
            for (int i = 0; i < 200; i++) { // more than one call takes
                StoreRequest request = new StoreRequest(done -> completed[0]++);
                int lba = (i * 37) % (SECTORS / 20) * 20;
                int sectors = 1 + i % 17;
                batch.add(request.write(lba, sectors, data, i * 4096));
                data.get(i * 4096, expected, lba * 512, sectors * 512);
                store.submit(request);
                if (i % 50 == 49) {
                    store.kick();
                }
            }
            assertEquals(200, completed[0], "done by the kick, so that its data may be lent");
            settle(store, batch.toArray(StoreRequest[]::new));
            assertEquals(0, behind.writes());
        }
        assertArrayEquals(expected, Files.readAllBytes(image));
    }

    @Test
    void aListenerMaySubmitAndKick() throws IOException {
        Behind behind = file(image, false);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            ByteBuffer data = ByteBuffer.allocateDirect(512).put(0, Patterns.random(4, 512));
            int[] completed = {0};
            StoreRequest later = new StoreRequest(done -> completed[0]++);
            StoreRequest first =
                    new StoreRequest(
                            done -> {
                                completed[0]++;
                                store.submit(later.write(900, 1, data, 0));
                                store.kick();
                            });
            store.submit(first.write(100, 1, data, 0));
            for (int lba = 200; lba < 500; lba += 20) {
                store.submit(new StoreRequest(done -> completed[0]++).write(lba, 1, data, 0));
            }
            store.kick();
            assertEquals(17, completed[0]);
            settle(store, first, later);
        }
    }

    @Test
    void whatGoesOnWhereTheLastEndedIsLeftToBeJoined() throws IOException {
        Behind behind = file(image, false);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            ByteBuffer data = ByteBuffer.allocateDirect(16 * 1024);
            for (int i = 0; i < 16; i++) {
                store.submit(new StoreRequest(done -> {}).write(100 + 2 * i, 2, data, i * 1024));
            }
            store.kick();
            settle(store);
            assertEquals(15, behind.writes());
        }
    }

    @Test
    void whatIsNotInMemoryIsLeftToTheStoreBehind() throws Exception {
        Disks.run("dd", "if=" + image, "iflag=nocache", "count=0");
        Disks.run("dd", "of=" + image, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
        Behind behind = file(image, false);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            assertEquals(StoreStatus.OK, new StoreDriver(store).write(8, new byte[512]));
            assertEquals(1, behind.writes());
        }
    }

    @Test
    void durableWritesGoTheirOwnWay() throws IOException {
        Behind behind = file(image, true);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            assertEquals(StoreStatus.OK, new StoreDriver(store).write(8, new byte[512]));
            assertEquals(1, behind.writes());
        }
    }

    @Test
    void aFileThatWasCutRefusesWhatLiesBehindItsEndAndDoesNotGrow() throws IOException {
        Behind behind = file(image, false);
        try (BlockStore store = MappedStore.over(behind, image, Platform.SYSTEM)) {
            ByteBuffer data = ByteBuffer.allocateDirect(4096);
            List<StoreStatus> ended = new ArrayList<>();
            int[] lbas = {0, 2000, SECTORS - 4, 20, SECTORS - 12, 40}; // both sides of the cut
            StoreRequest[] batch = new StoreRequest[lbas.length];
            for (int i = 0; i < lbas.length; i++) {
                batch[i] = new StoreRequest(done -> ended.add(done.status()));
                store.submit(batch[i].write(lbas[i], 2, data, 0));
            }
            long bytes = 2000 * 512L - 512; // inside the page of the second
            Disks.resize(image, bytes);
            store.kick();
            new StoreDriver(store).pollUntil(() -> ended.size() == lbas.length);
            for (int i = 0; i < lbas.length; i++) {
                StoreStatus expected = lbas[i] < 1999 ? StoreStatus.OK : StoreStatus.OUT_OF_RANGE;
                assertEquals(expected, batch[i].status(), "at " + lbas[i]);
            }
            assertEquals(bytes, Files.size(image));
        }
    }

    @Test
    @Tag("live")
    void aFullFileSystemIsTheWritesOwnError() throws Exception {
        Path directory = Disks.directory();
        Path disk = Disks.image(directory, 8 << 20);
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Disks.run("mkfs.ext4", "-q", disk.toString());
        Disks.run("mount", "-o", "loop", disk.toString(), mount.toString());
        try {
            Path sparse = Disks.image(mount, 1 << 20);
            Files.readAllBytes(sparse); // holes in memory, without a block on the disk
            byte[] filling = new byte[1 << 16];
            Path rest = mount.resolve("rest");
            assertTrue(fill(rest, filling) > 0);
            Behind behind = file(sparse, false);
            try (BlockStore store = MappedStore.over(behind, sparse, Platform.SYSTEM)) {
                StoreDriver driver = new StoreDriver(store);
                StoreStatus full = driver.write(512, new byte[512]);
                assertEquals(1, behind.writes(), "it was tried in memory first, then by write(2)");
                assertNotEquals(StoreStatus.OK, full);
                Files.delete(rest);
                byte[] data = Patterns.random(3, 512);
                assertEquals(StoreStatus.OK, driver.write(512, data));
                assertArrayEquals(data, driver.read(512, 1));
            }
            byte[] kept = Files.readAllBytes(sparse);
            assertArrayEquals(
                    Patterns.random(3, 512), Arrays.copyOfRange(kept, 512 * 512, 513 * 512));
        } finally {
            Disks.run("umount", mount.toString());
        }
    }

    private static long fill(Path path, byte[] chunk) throws IOException {
        long written = 0;
        try (var out = Files.newOutputStream(path)) {
            while (true) {
                out.write(chunk);
                written += chunk.length;
            }
        } catch (IOException e) { // no space left
            try (var out = Files.newOutputStream(path, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(0);
                    written++;
                }
            } catch (IOException end) {
                return written;
            }
        }
    }
}
