// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loop devices and a full file system: needs root. */
@Tag("live")
class BlockDeviceLiveTest {
    private static final int SECTORS = 1024;
    private Path image;
    private Path device;

    private Path attach(String... options) throws IOException, InterruptedException {
        image = Disks.image(Disks.directory(), SECTORS * 512L);
        String[] command = new String[options.length + 4];
        command[0] = "losetup";
        command[1] = "--find";
        command[2] = "--show";
        System.arraycopy(options, 0, command, 3, options.length);
        command[command.length - 1] = image.toString();
        device = Path.of(Disks.run(command));
        return device;
    }

    @AfterEach
    void detach() throws Exception {
        if (device != null) {
            Disks.run("losetup", "--detach", device.toString());
        }
    }

    @Nested
    class Loop extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            return Stores.open(attach(), StoreOptions.DEFAULTS);
        }
    }

    @Nested
    class LoopSyncedWindow extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            return Stores.open(attach(), new StoreOptions(false, true, false, 3, 500));
        }
    }

    @Nested
    class LoopDirect extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            return Stores.open(attach(), new StoreOptions(true, false, false, 0, 0));
        }
    }

    /** Every request of less than 4096 bytes is a read, a change and a write. */
    @Nested
    class LoopDirectWithBlocksOf4096 extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            Path large = attach("--sector-size", "4096");
            return Stores.open(large, new StoreOptions(true, false, false, 3, 500));
        }

        @Test
        void tellsItsBlockSize() {
            assertEquals(4096, store.traits().physicalBlockBytes());
        }
    }

    /** What a file on a disk with blocks of 4096 is: nothing says so but the failure to write. */
    @Nested
    class FileOnBlocksOf4096 extends BlockStoreContract {
        private Path mountPoint;

        @Override
        protected BlockStore open() throws Exception {
            Path large = attach("--sector-size", "4096");
            Disks.resize(image, 8 << 20);
            Disks.run("losetup", "--set-capacity", large.toString());
            Disks.run("mkfs.ext4", "-q", "-b", "4096", "-O", "^has_journal", large.toString());
            mountPoint = Files.createDirectory(image.resolveSibling("mount"));
            Disks.run("mount", large.toString(), mountPoint.toString());
            Path file = Disks.image(mountPoint, 301 * 512L);
            return Stores.open(file, new StoreOptions(true, false, false, 0, 0));
        }

        @AfterEach
        void unmount() throws Exception {
            store.close();
            Disks.run("umount", mountPoint.toString());
        }

        @Test
        void writesToTheLastIncompleteBlockDoNotMakeTheFileGrow() {
            byte[] data = Patterns.random(1, 5 * 512);
            assertEquals(StoreStatus.OK, driver.write(296, data));
            assertArrayEquals(data, driver.read(296, 5));
            assertEquals(301, store.sectors());
        }
    }

    @Test
    void aDeviceThatGrowsOrShrinksIsFollowed() throws Exception {
        try (BlockStore store = Stores.open(attach(), StoreOptions.DEFAULTS)) {
            StoreDriver driver = new StoreDriver(store);
            Disks.resize(image, 2048 * 512);
            Disks.run("losetup", "--set-capacity", device.toString());
            assertEquals(StoreStatus.OK, driver.readStatus(2047, 1));
            assertEquals(2048, store.sectors());
            Disks.resize(image, 512 * 512);
            Disks.run("losetup", "--set-capacity", device.toString());
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(600, new byte[512]));
            assertEquals(512, store.sectors());
        }
    }

    @Test
    void aReadOnlyDeviceIsRefusedForWritingWithAHint() throws Exception {
        attach("--read-only");
        IOException refusal =
                assertThrows(IOException.class, () -> Stores.open(device, StoreOptions.DEFAULTS));
        String text = ": a read-only device; -r exports it read-only";
        assertEquals(device + text, refusal.getMessage());
        try (BlockStore store = Stores.open(device, new StoreOptions(false, false, true, 0, 0))) {
            assertEquals(StoreStatus.OK, new StoreDriver(store).readStatus(0, 8));
        }
    }

    @Test
    void aDeviceMadeReadOnlyWhileInUseRefusesWrites() throws Exception {
        try (BlockStore store = Stores.open(attach(), new StoreOptions(true, false, false, 0, 0))) {
            Disks.run("blockdev", "--setro", device.toString());
            StoreDriver driver = new StoreDriver(store);
            assertEquals(StoreStatus.READ_ONLY, driver.write(0, new byte[4096]));
            assertEquals(StoreStatus.OK, driver.readStatus(0, 8));
        } finally {
            Disks.run("blockdev", "--setrw", device.toString()); // it would outlive the loop
        }
    }

    @Test
    void anImmutableFileIsRefusedForWritingWithAHint() throws Exception {
        Path file = Disks.image(Disks.directory(), 4096);
        Disks.run("chattr", "+i", file.toString());
        try {
            IOException refusal =
                    assertThrows(IOException.class, () -> Stores.open(file, StoreOptions.DEFAULTS));
            String text = ": cannot open for reading and writing: Operation not permitted";
            assertEquals(file + text + " (-r exports it read-only)", refusal.getMessage());
        } finally {
            Disks.run("chattr", "-i", file.toString());
        }
    }

    @Test
    void aFullFileSystemIsNoSpaceAndEarlierDataStays() throws Exception {
        Path mountPoint = Disks.directory();
        Disks.run("mount", "-t", "tmpfs", "-o", "size=64k", "none", mountPoint.toString());
        try {
            Path sparse = Disks.image(mountPoint, SECTORS * 512L);
            try (BlockStore store = Stores.open(sparse, StoreOptions.DEFAULTS)) {
                StoreDriver driver = new StoreDriver(store);
                byte[] data = Patterns.random(1, 16 * 512);
                assertEquals(StoreStatus.OK, driver.write(0, data));
                assertEquals(StoreStatus.NO_SPACE, driver.write(16, new byte[800 * 512]));
                assertArrayEquals(data, driver.read(0, 16));
            }
        } finally {
            Disks.run("umount", mountPoint.toString());
        }
    }

    @Test
    void aMediumThatCannotGiveDataIsAMediaErrorAndTheStoreLives() throws Exception {
        try (BlockStore store = Stores.open(attach(), StoreOptions.DEFAULTS)) {
            StoreDriver driver = new StoreDriver(store);
            Disks.resize(image, 512 * 512); // behind the loop device's back: it answers EIO
            assertEquals(StoreStatus.OK, driver.readStatus(0, 8));
            assertEquals(StoreStatus.MEDIA_ERROR, driver.readStatus(1000, 8));
            assertEquals(StoreStatus.OK, driver.readStatus(8, 8));
        }
    }
}
