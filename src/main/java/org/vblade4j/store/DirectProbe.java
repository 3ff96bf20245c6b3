// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Statx;

/**
 * Finds the blocks in which a file or device takes direct transfers, before there is one: the
 * kernel tells them for most since Linux 6.1. Else it is those of the device, or of the one below
 * the file system, which need not be all that is asked for, so a read is tried in them.
 */
final class DirectProbe {
    private static final Path SYSFS = Path.of("/sys/dev/block");

    private DirectProbe() {}

    /**
     * Null when it takes no direct transfers.
     *
     * @param fd opened with O_DIRECT
     */
    static DirectBlocks find(FileCalls calls, int fd, DeviceKind kind, Path path)
            throws OsException {
        Statx stat = Statx.of(calls, fd);
        DirectBlocks told = stat == null ? null : told(stat);
        DirectBlocks first = told != null ? told : guessed(calls, kind, path, stat, SYSFS);
        return tried(calls, fd, first);
    }

    /** Null when the kernel does not tell, or what no transfer here can keep to. */
    static DirectBlocks told(Statx stat) {
        int blockBytes = Math.max(stat.directBlockBytes(), BlockStore.SECTOR_BYTES);
        int memoryBytes = stat.directMemoryBytes();
        boolean usable =
                stat.directBlockBytes() > 0
                        && isPowerUpTo(DirectBlocks.MAX_BYTES, blockBytes)
                        && isPowerUpTo(NativeMemory.PAGE_BYTES, memoryBytes);
        return usable ? new DirectBlocks(blockBytes, memoryBytes) : null;
    }

    private static boolean isPowerUpTo(int most, int value) {
        return value > 0 && value <= most && Integer.bitCount(value) == 1;
    }

    /**
     * @param stat of a file, for the device that it lies on; null when that is unknown
     * @param sysfs the folder of block devices by number
     */
    static DirectBlocks guessed(
            FileCalls calls, DeviceKind kind, Path path, Statx stat, Path sysfs) {
        int bytes = kind.logicalBlockBytes(path, calls);
        if (kind == DeviceKind.REGULAR_FILE && stat != null) {
            bytes = Math.max(bytes, below(sysfs.resolve(stat.device())));
        }
        return new DirectBlocks(Math.min(bytes, DirectBlocks.MAX_BYTES));
    }

    /** A partition's folder lies in that of its disk. 0 for what is no block device. */
    private static int below(Path device) {
        return Math.max(blockBytes(device), blockBytes(device.resolve("..")));
    }

    private static int blockBytes(Path disk) {
        try {
            String text = Files.readString(disk.resolve("queue/logical_block_size"));
            return Integer.parseInt(text.strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /**
     * Reads where there is data: a hole can be read in smaller blocks. That a disk's first sector
     * is bad is not refused here. Null when no size of blocks works.
     */
    static DirectBlocks tried(FileCalls calls, int fd, DirectBlocks first) throws OsException {
        long dataAt = Math.max(0, calls.lseek(fd, 0, Linux.SEEK_DATA));
        DirectBlocks blocks = first;
        try (NativeMemory memory = NativeMemory.allocate(DirectBlocks.MAX_BYTES)) {
            while (refused(calls, fd, memory, blocks.bytes(), dataAt)) {
                if (blocks.bytes() == DirectBlocks.MAX_BYTES) {
                    return null;
                }
                blocks = new DirectBlocks(2 * blocks.bytes());
            }
        }
        return blocks;
    }

    private static boolean refused(
            FileCalls calls, int fd, NativeMemory memory, int blockBytes, long dataAt) {
        long at = dataAt & -blockBytes;
        return calls.pread(fd, memory.address(), blockBytes, at) == -Errno.EINVAL;
    }
}
