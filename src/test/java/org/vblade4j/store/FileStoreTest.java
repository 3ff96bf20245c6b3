// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.sys.FileCalls;

class FileStoreTest {
    private static final int SECTORS = 300;
    private Path image;
    private long nowNs;
    private final Platform platform = new Platform(FileCalls.LIBC, Engines::open, () -> nowNs);

    @BeforeEach
    void makeImage() throws IOException {
        image = Disks.image(Disks.directory(), SECTORS * 512L);
    }

    private BlockStore open(boolean direct, boolean synced) throws IOException {
        return Stores.open(image, new StoreOptions(direct, synced, false, 0, 0));
    }

    @Nested
    class Buffered extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return FileStoreTest.this.open(false, false);
        }
    }

    @Nested
    class BufferedFromTheHeap extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return FileStoreTest.this.open(false, false);
        }

        @Override
        protected ByteBuffer buffer(int bytes) {
            return ByteBuffer.allocate(bytes);
        }
    }

    @Nested
    class Synced extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return FileStoreTest.this.open(false, true);
        }

        @Test
        void saysThatWritesAreDurable() {
            assertTrue(store.traits().durableWrites());
        }
    }

    @Nested
    class Direct extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return FileStoreTest.this.open(true, false);
        }
    }

    @Nested
    class DirectAndSynced extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return FileStoreTest.this.open(true, true);
        }

        @Override
        protected ByteBuffer buffer(int bytes) {
            return ByteBuffer.allocate(bytes);
        }

        @Test
        void saysThatWritesAreDurable() {
            assertTrue(store.traits().durableWrites());
        }
    }

    @Nested
    class Window extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(image, new StoreOptions(false, false, false, 17, 260));
        }
    }

    @Nested
    class CachedOnThreads extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image,
                    new StoreOptions(false, false, false, 5, 270).on(EngineChoice.THREADS, 3));
        }
    }

    @Nested
    class SyncedOnThreads extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image,
                    new StoreOptions(false, true, false, 5, 270).on(EngineChoice.THREADS, 3));
        }
    }

    @Nested
    class DirectOnThreads extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image,
                    new StoreOptions(true, false, false, 5, 270).on(EngineChoice.THREADS, 3));
        }
    }

    @Nested
    class DirectSyncedOnThreads extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image, new StoreOptions(true, true, false, 5, 270).on(EngineChoice.THREADS, 3));
        }
    }

    @Nested
    class CachedOnSync extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image, new StoreOptions(false, false, false, 5, 270).on(EngineChoice.SYNC, 3));
        }
    }

    @Nested
    class SyncedOnSync extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image, new StoreOptions(false, true, false, 5, 270).on(EngineChoice.SYNC, 3));
        }
    }

    @Nested
    class DirectOnSync extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image, new StoreOptions(true, false, false, 5, 270).on(EngineChoice.SYNC, 3));
        }
    }

    @Nested
    class DirectSyncedOnSync extends BlockStoreContract {
        @Override
        protected BlockStore open() throws IOException {
            return Stores.open(
                    image, new StoreOptions(true, true, false, 5, 270).on(EngineChoice.SYNC, 3));
        }
    }

    @Nested
    class ReadOnly extends ReadOnlyContract {
        @Override
        protected BlockStore open(byte[] contents) throws IOException {
            Files.write(image, contents);
            return Stores.open(image, new StoreOptions(false, false, true, 0, 0));
        }
    }

    @Nested
    class ReadOnlyDirect extends ReadOnlyContract {
        @Override
        protected BlockStore open(byte[] contents) throws IOException {
            Files.write(image, contents);
            return Stores.open(image, new StoreOptions(true, false, true, 0, 0));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesLieInTheFileWhereTheyBelong(boolean direct) throws IOException {
        byte[] data = Patterns.random(1, 3 * 512);
        try (BlockStore store =
                Stores.open(image, new StoreOptions(direct, false, false, 10, 20))) {
            assertEquals(20, store.sectors());
            assertEquals(StoreStatus.OK, new StoreDriver(store).write(17, data));
        }
        byte[] expected = new byte[SECTORS * 512];
        System.arraycopy(data, 0, expected, 27 * 512, data.length);
        assertArrayEquals(expected, Files.readAllBytes(image));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aTruncatedFileIsOutOfRangeAndNeverGrowsAgain(boolean direct) throws IOException {
        try (BlockStore store = open(direct, false)) {
            StoreDriver driver = new StoreDriver(store);
            assertEquals(StoreStatus.OK, driver.write(100, Patterns.random(1, 1024)));
            Disks.resize(image, 50 * 512);
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(49, Patterns.random(2, 1024)));
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(250, Patterns.random(2, 512)));
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(49, 2));
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(250, 1));
            assertEquals(StoreStatus.OK, driver.write(49, Patterns.random(3, 512)));
            assertEquals(50, store.sectors());
            assertEquals(50 * 512, Files.size(image));
        }
    }

    @Test
    void aReadThatFindsTheEndFirstTellsTheNewSize() throws IOException {
        try (BlockStore store = open(false, false)) {
            Disks.resize(image, 50 * 512);
            assertEquals(SECTORS, store.sectors(), "known until somebody asks the system");
            assertEquals(StoreStatus.OUT_OF_RANGE, new StoreDriver(store).readStatus(49, 2));
            assertEquals(50, store.sectors());
        }
    }

    @Test
    void aGrownFileIsSeenAfterAWhileAndAtOnceByARequest() throws IOException {
        StoreOptions options = StoreOptions.DEFAULTS;
        try (FileStore store = FileStores.open(image, DeviceKind.REGULAR_FILE, options, platform)) {
            Disks.resize(image, 400 * 512);
            assertEquals(SECTORS, store.sectors());
            assertEquals(StoreStatus.OK, new StoreDriver(store).readStatus(399, 1));
            assertEquals(400, store.sectors());
            Disks.resize(image, 500 * 512);
            nowNs += DiskFile.REFRESH_NS - 1;
            assertEquals(400, store.sectors());
            nowNs++;
            assertEquals(500, store.sectors());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aFileThatEndsInsideASectorIsServedToItsLastWholeOne(boolean direct) throws IOException {
        Disks.resize(image, 9 * 512 + 100);
        try (BlockStore store = open(direct, false)) {
            StoreDriver driver = new StoreDriver(store);
            byte[] data = Patterns.random(4, 512);
            assertEquals(9, store.sectors());
            assertEquals(StoreStatus.OK, driver.write(8, data));
            assertArrayEquals(data, driver.read(8, 1));
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(9, data));
            assertEquals(9 * 512 + 100, Files.size(image));
        }
    }
}
