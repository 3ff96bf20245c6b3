// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MappedStoreTest {
    private static final int SECTORS = 4096;
    private Path image;

    @BeforeEach
    void makeImage() throws IOException {
        image = Disks.image(Disks.directory(), SECTORS * 512L);
    }

    private InPlace open(StoreOptions options) throws IOException {
        return new InPlace(Stores.open(image, options));
    }

    @Nested
    class Whole extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            Files.write(image, new byte[SECTORS * 512]); // no holes: all of it is in memory
            return MappedStoreTest.this.open(StoreOptions.DEFAULTS);
        }
    }

    @Nested
    class Window extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            Files.write(image, new byte[SECTORS * 512]);
            return MappedStoreTest.this.open(new StoreOptions(false, true, false, 3, 500));
        }
    }

    @Nested
    @Tag("live")
    class OnABlockDevice extends BlockStoreContract {
        private String device;

        @Override
        protected BlockStore open() throws Exception {
            device = Disks.run("losetup", "--find", "--show", image.toString());
            return new InPlace(Stores.open(Path.of(device), StoreOptions.DEFAULTS));
        }

        @Test
        void answersInPlaceOnceASectorWasRead() throws Exception {
            byte[] data = Patterns.random(1, 1024);
            driver.write(8, data);
            InPlace reads = (InPlace) store;
            for (int i = 0; reads.inPlace == 0 && i < 1_000_000; i++) {
                assertArrayEquals(data, driver.read(8, 2));
            }
            assertTrue(reads.inPlace > 0);
        }

        @AfterEach
        void detach() throws Exception {
            Disks.run("losetup", "--detach", device);
        }
    }

    @Test
    void whatIsInMemoryIsAnsweredInPlaceAndFollowsWrites() throws IOException {
        Files.write(image, Patterns.random(1, SECTORS * 512));
        try (InPlace store = open(StoreOptions.DEFAULTS)) {
            StoreDriver driver = new StoreDriver(store);
            byte[] whole = Files.readAllBytes(image);
            for (int lba = 0; lba < SECTORS - 17; lba += 13) {
                byte[] expected = new byte[17 * 512];
                System.arraycopy(whole, lba * 512, expected, 0, expected.length);
                assertArrayEquals(expected, driver.read(lba, 17));
            }
            int before = store.inPlace;
            assertEquals((SECTORS - 17 + 12) / 13, before);
            byte[] data = Patterns.random(2, 1024);
            driver.write(77, data);
            assertArrayEquals(data, driver.read(77, 2));
            Files.write(image, new byte[SECTORS * 512]); // by another way into the same cache
            assertArrayEquals(new byte[1024], driver.read(77, 2));
        }
    }

    @Test
    void aPageThatIsNotInMemoryIsNotTouched() throws IOException {
        try (PageCacheMap map = PageCacheMap.open(image, Platform.SYSTEM); // holes, never read
                FileStore file = file()) {
            assertEquals(0, map.find(8192, 1024));
            new StoreDriver(file).read(16, 2);
            map.forget();
            assertNotEquals(0, map.find(8192, 1024));
            assertEquals(0, map.find(8192 + 3584, 1 << 20), "all of its pages are needed");
        }
    }

    @Test
    void aPageThatWasDroppedIsForgottenInTime() throws Exception {
        Files.write(image, new byte[SECTORS * 512]);
        try (PageCacheMap map = PageCacheMap.open(image, Platform.SYSTEM)) {
            assertNotEquals(0, map.find(0, 4096));
            Disks.run("dd", "if=/dev/zero", "of=" + image, "count=1", "conv=notrunc,fsync");
            Disks.run("dd", "of=" + image, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
            long start = System.nanoTime();
            while (map.find(1 << 20, 4096) != 0 && System.nanoTime() - start < 10_000_000_000L) {
                map.tick();
            }
            assertEquals(0, map.find(1 << 20, 4096));
        }
    }

    @Test
    void aFileThatShrinksIsNoticedBeforeAnythingIsSent() throws IOException {
        Files.write(image, Patterns.random(1, SECTORS * 512));
        try (BlockStore store = Stores.open(image, StoreOptions.DEFAULTS)) {
            ReadLease lease = new ReadLease();
            StoreRequest request = new StoreRequest(done -> {});
            ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
            request.read(SECTORS - 2, 2, buffer, 0).allowInPlace(lease);
            store.submit(request);
            assertNotEquals(0, request.address());
            Disks.resize(image, (SECTORS - 1) * 512L);
            assertFalse(lease.valid());
            lease.end();
            assertEquals(
                    StoreStatus.OUT_OF_RANGE, new StoreDriver(store).readStatus(SECTORS - 2, 2));
            request.read(SECTORS - 2, 2, buffer, 0).allowInPlace(lease);
            store.submit(request);
            assertEquals(StoreStatus.OUT_OF_RANGE, request.status());
        }
    }

    @Test
    void aFileThatGrowsIsMappedAnew() throws IOException {
        Files.write(image, new byte[SECTORS * 512]);
        try (InPlace store = open(StoreOptions.DEFAULTS)) {
            byte[] more = Patterns.random(1, 3 * SECTORS * 512);
            Files.write(image, more, StandardOpenOption.APPEND);
            StoreDriver driver = new StoreDriver(store);
            driver.read(0, 2);
            byte[] last = Arrays.copyOfRange(more, more.length - 1024, more.length);
            assertArrayEquals(last, driver.read(4 * SECTORS - 2, 2));
            assertEquals(2, store.inPlace);
        }
    }

    @Test
    void aFileThatWasCutToNothingAndIsBackIsAnsweredInPlaceAgain() throws IOException {
        Files.write(image, Patterns.random(1, SECTORS * 512));
        try (InPlace store = open(StoreOptions.DEFAULTS)) {
            StoreDriver driver = new StoreDriver(store);
            driver.read(0, 2);
            Disks.resize(image, 0);
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(0, 2));
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(0, new byte[1024]));
            byte[] data = Patterns.random(2, SECTORS * 512);
            Files.write(image, data);
            int before = store.inPlace;
            for (int i = 0; i < 100 && store.inPlace == before; i++) {
                assertArrayEquals(Arrays.copyOf(data, 1024), driver.read(0, 2));
            }
            assertEquals(before + 1, store.inPlace);
        }
    }

    @Test
    void aFileThatWasCutRefusesWhatLiesBehindItsEndAndDoesNotGrow() throws IOException {
        Files.write(image, Patterns.random(1, SECTORS * 512));
        try (BlockStore store = Stores.open(image, StoreOptions.DEFAULTS)) {
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
            try (BlockStore store = Stores.open(sparse, StoreOptions.DEFAULTS)) {
                StoreDriver driver = new StoreDriver(store);
                StoreStatus full = driver.write(512, new byte[512]);
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

    private FileStore file() throws IOException {
        StoreOptions options = new StoreOptions(false, false, true, 0, 0);
        return FileStores.open(image, DeviceKind.REGULAR_FILE, options, Platform.SYSTEM);
    }
}
