// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.sys.NativeMemory;

/**
 * The blocks in which a file or device takes direct transfers (O_DIRECT, open(2)): place and length
 * are multiples of their size. Often 512 bytes, 4096 on some disks. {@link DirectProbe} finds it.
 *
 * <p>Where nothing tells the size, a transfer that the kernel refuses is tried in larger blocks,
 * alone; the size becomes that of all later transfers when it has worked. So it grows as far as it
 * must, however many are refused at once, and not at all when one is refused for another reason.
 */
final class DirectBlocks {
    static final int MAX_BYTES = 65536;

    private int bytes;
    private int memoryBytes;
    private boolean larger;

    /**
     * @param bytes a power of two
     * @param memoryBytes the memory of a transfer lies at a multiple of it; a power of two, at most
     *     a page
     */
    DirectBlocks(int bytes, int memoryBytes) {
        this.bytes = bytes;
        this.memoryBytes = memoryBytes;
        larger = bytes > BlockStore.SECTOR_BYTES;
    }

    DirectBlocks(int bytes) {
        this(bytes, memoryFor(bytes));
    }

    /** What is surely enough: a page always is. */
    private static int memoryFor(int blockBytes) {
        return Math.min(blockBytes, NativeMemory.PAGE_BYTES);
    }

    int bytes() {
        return bytes;
    }

    /** What the memory of a transfer in blocks of this size is aligned to. */
    int memoryBytes(int blockBytes) {
        return blockBytes == bytes ? memoryBytes : memoryFor(blockBytes);
    }

    /** Whether requests can share a block without sharing a sector, now or for any run before. */
    boolean shared() {
        return larger;
    }

    /** In which blocks to try a transfer again that was refused in these; 0 when in none. */
    int after(int refusedBytes) {
        if (refusedBytes < bytes) {
            return bytes;
        }
        if (refusedBytes >= MAX_BYTES) {
            return 0;
        }
        larger = true;
        return 2 * refusedBytes;
    }

    /** A transfer in blocks of this size has worked. */
    void worked(int blockBytes) {
        if (blockBytes > bytes) {
            bytes = blockBytes;
            memoryBytes = memoryFor(blockBytes);
        }
    }
}
