// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * The unit in which a file or device takes direct transfers (O_DIRECT, open(2)): memory, place and
 * length are multiples of it. Often 512 bytes, 4096 on some disks. A device tells its own; for
 * files, whose file system decides and cannot be asked everywhere, it is what is found to work.
 */
final class DirectBlocks {
    private static final int MAX_BYTES = 65536;

    private int bytes;
    private boolean larger;

    DirectBlocks(int bytes) {
        this.bytes = bytes;
        larger = bytes > BlockStore.SECTOR_BYTES;
    }

    /**
     * Finds the unit by reading the first block; a bad first sector is not refused here.
     *
     * @return false when none works
     */
    boolean tryOut(int fd) throws OsException {
        try (NativeMemory memory = NativeMemory.allocate(MAX_BYTES)) {
            while (Libc.pread(fd, memory.address(), bytes, 0) < 0 && Libc.errno() == Errno.EINVAL) {
                if (!grow()) {
                    return false;
                }
            }
            return true;
        }
    }

    int bytes() {
        return bytes;
    }

    /** Whether requests can share a block without sharing a sector, now or for any run before. */
    boolean shared() {
        return larger;
    }

    /** The next larger unit, to be called when the kernel refused one; false when there is none. */
    boolean grow() {
        if (bytes >= MAX_BYTES) {
            return false;
        }
        bytes *= 2;
        larger = true;
        return true;
    }

    long roundUp(long at) {
        return (at + bytes - 1) & -bytes;
    }

    long roundDown(long at) {
        return at & -bytes;
    }
}
