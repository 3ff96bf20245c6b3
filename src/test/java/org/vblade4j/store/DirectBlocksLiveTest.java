// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.Statx;

/**
 * Direct I/O on devices with blocks of 512 and 4096 bytes, bare and below a file system, where the
 * disk is a hole and where it is not, on a kernel that tells the size of blocks and on one that
 * does not: the first requests come many at once, none fails, and a write moves no more than the
 * blocks it touches. Needs root.
 */
@Tag("live")
class DirectBlocksLiveTest {
    private static final int BYTES = 8 << 20;
    private static final int SECTORS = BYTES / BlockStore.SECTOR_BYTES;
    private static final int REQUESTS = 256;
    private static final int EVERY = SECTORS / REQUESTS;
    private static final int DEPTH = 64;
    private static final DeviceKind FILE = DeviceKind.REGULAR_FILE;

    @ParameterizedTest
    @CsvSource({"512,", "4096,", "512, ext4", "4096, ext4", "512, xfs", "4096, xfs"})
    void theFirstRequestsAllSucceedAndNoneMovesMoreThanItsBlocks(int blockBytes, String fileSystem)
            throws Exception {
        int sectors = blockBytes / BlockStore.SECTOR_BYTES;
        String least = sectors > 2 ? "8 read, 8 written" : "0 read, 2 written";
        try (LoopDisk disk = new LoopDisk(blockBytes, fileSystem)) {
            for (EngineChoice engine : List.of(EngineChoice.URING, EngineChoice.THREADS)) {
                for (boolean told : new boolean[] {true, false}) {
                    for (boolean sparse : new boolean[] {true, false}) {
                        String setting = engine + " told=" + told + " sparse=" + sparse;
                        byte[] expected = sparse ? new byte[BYTES] : Patterns.random(7, BYTES);
                        Path path = disk(disk, expected, sparse);
                        try (BlockStore store = told ? told(path, engine) : untold(path, engine)) {
                            assertEquals(List.of(), failuresOfMany(store, expected), setting);
                            StoreDriver driver = new StoreDriver(store);
                            assertArrayEquals(expected, readAll(driver), setting);
                            assertEquals(least, leastMovedByTwoSectors(disk, driver), setting);
                        }
                    }
                }
            }
        }
    }

    private static Path disk(LoopDisk disk, byte[] data, boolean sparse) throws Exception {
        Path path = disk.holdsFiles() ? disk.file(BYTES) : disk.device();
        if (!sparse || !disk.holdsFiles()) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(data));
            }
            disk.sync();
        }
        return path;
    }

    private static BlockStore told(Path path, EngineChoice engine) throws IOException {
        return Stores.open(path, new StoreOptions(true, false, false, 0, 0).on(engine, DEPTH));
    }

    /** As where neither the kernel nor the device below is asked: 512 until it is refused. */
    private static BlockStore untold(Path path, EngineChoice engine) throws IOException {
        DeviceKind kind = Files.isRegularFile(path) ? FILE : DeviceKind.BLOCK_DEVICE;
        DiskFile file = DiskFile.open(path, kind, false, Linux.O_DIRECT, Platform.SYSTEM);
        DiskFile tail = DiskFile.open(path, kind, false, Linux.O_DSYNC, Platform.SYSTEM);
        IoEngine opened = Engines.open(FileCalls.LIBC, engine, DEPTH + 1, file.fd(), tail.fd());
        StoreTraits traits = new StoreTraits(false, false, false, false, 512, opened.label());
        return new FileStore(file, tail, new DirectBlocks(512), opened, DEPTH, traits);
    }

    @ParameterizedTest
    @CsvSource({"512, ext4", "4096, ext4", "512, xfs", "4096, xfs"})
    void kernelDeviceAndATrialBehindAHoleAgree(int blockBytes, String fileSystem) throws Exception {
        try (LoopDisk disk = new LoopDisk(blockBytes, fileSystem)) {
            Path path = disk.file(BYTES);
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(Patterns.random(3, 65536)), BYTES / 2);
            }
            disk.sync();
            DiskFile file = DiskFile.open(path, FILE, false, Linux.O_DIRECT, Platform.SYSTEM);
            try {
                Statx stat = Statx.of(FileCalls.LIBC, file.fd());
                assertEquals(blockBytes, DirectProbe.told(stat).bytes());
                Path sysfs = Path.of("/sys/dev/block");
                assertEquals(
                        blockBytes,
                        DirectProbe.guessed(FileCalls.LIBC, FILE, path, stat, sysfs).bytes());
                DirectBlocks smallest = new DirectBlocks(512);
                assertEquals(
                        blockBytes, DirectProbe.tried(FileCalls.LIBC, file.fd(), smallest).bytes());
            } finally {
                file.close();
            }
        }
    }

    /** Two sectors each, every second one a write; what failed, in words. */
    private static List<String> failuresOfMany(BlockStore store, byte[] expected) {
        List<StoreRequest> requests = new ArrayList<>();
        int[] completed = new int[1];
        for (int i = 0; i < REQUESTS; i++) {
            StoreRequest request = new StoreRequest(done -> completed[0]++);
            requests.add(request);
            int lba = i * EVERY;
            ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
            if (i % 2 == 0) {
                store.submit(request.read(lba, 2, buffer, 0));
            } else {
                byte[] data = Patterns.random(i, 1024);
                System.arraycopy(data, 0, expected, lba * BlockStore.SECTOR_BYTES, 1024);
                store.submit(request.write(lba, 2, buffer.put(0, data), 0));
            }
        }
        store.kick();
        new StoreDriver(store).pollUntil(() -> completed[0] == REQUESTS);
        return requests.stream()
                .filter(request -> request.status() != StoreStatus.OK)
                .map(request -> request.op() + " at " + request.lba() + ": " + request.status())
                .toList();
    }

    private static byte[] readAll(StoreDriver driver) {
        byte[] all = new byte[BYTES];
        for (int lba = 0; lba < SECTORS; lba += 128) {
            System.arraycopy(driver.read(lba, 128), 0, all, lba * BlockStore.SECTOR_BYTES, 65536);
        }
        return all;
    }

    /** Of several, because a file system writes something of its own now and then. */
    private static String leastMovedByTwoSectors(LoopDisk disk, StoreDriver driver)
            throws IOException, InterruptedException {
        byte[] data = Patterns.random(9, 1024);
        assertEquals(StoreStatus.OK, driver.write(1024, new byte[65536])); // no hole there
        disk.sync();
        long[] least = {Long.MAX_VALUE, Long.MAX_VALUE};
        for (int i = 0; i < 8; i++) {
            long[] before = disk.movedSectors();
            assertEquals(StoreStatus.OK, driver.write(1024 + 10 * i, data));
            long[] after = disk.movedSectors();
            Arrays.setAll(least, k -> Math.min(least[k], after[k] - before[k]));
        }
        return least[0] + " read, " + least[1] + " written";
    }
}
