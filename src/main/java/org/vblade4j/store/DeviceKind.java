// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/** What lies at a path, of the kinds that can hold sectors. */
enum DeviceKind {
    REGULAR_FILE {
        @Override
        int logicalBlockBytes(Path path, FileCalls calls) {
            return BlockStore.SECTOR_BYTES;
        }

        /** The file system's block; network file systems name transfer sizes, hence the bound. */
        @Override
        int physicalBlockBytes(Path path, FileCalls calls) throws IOException {
            long block = Files.getFileStore(path).getBlockSize();
            return block >= PAGE_BYTES ? PAGE_BYTES : BlockStore.SECTOR_BYTES;
        }

        @Override
        boolean writeProtected(Path path, FileCalls calls) {
            return false;
        }
    },
    BLOCK_DEVICE {
        @Override
        int logicalBlockBytes(Path path, FileCalls calls) {
            return Math.max(BlockStore.SECTOR_BYTES, ask(path, calls, Linux.BLKSSZGET));
        }

        @Override
        int physicalBlockBytes(Path path, FileCalls calls) {
            return Math.max(BlockStore.SECTOR_BYTES, ask(path, calls, Linux.BLKPBSZGET));
        }

        @Override
        boolean writeProtected(Path path, FileCalls calls) {
            return ask(path, calls, Linux.BLKROGET) != 0;
        }
    };

    private static final int PAGE_BYTES = 4096;

    /** What the device says; 512 for files. */
    abstract int logicalBlockBytes(Path path, FileCalls calls);

    /** The unit below which a write costs a read too. */
    abstract int physicalBlockBytes(Path path, FileCalls calls) throws IOException;

    /** True when it can be opened for writing and yet every write would fail. */
    abstract boolean writeProtected(Path path, FileCalls calls);

    /** An ioctl that answers an int; 0 when the driver does not know it. */
    private static int ask(Path path, FileCalls calls, long request) {
        int fd = calls.open(Libc.cString(path.toString()), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
        if (fd < 0) {
            return 0;
        }
        try {
            ByteBuffer answer = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            int result = calls.ioctl(fd, request, Libc.address(answer));
            return result < 0 ? 0 : answer.getInt(0);
        } finally {
            calls.close(fd);
        }
    }
}
