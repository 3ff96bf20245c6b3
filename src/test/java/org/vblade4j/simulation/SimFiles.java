// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * Descriptors and mappings of one disk. A mapping's addresses are nobody's memory: only the kernel
 * may use them, and here only {@link SimKernel} can.
 */
abstract class SimFiles implements FileCalls {
    /** An open file description. */
    record Open(boolean direct, boolean durable, boolean writable) {}

    private static final long FIRST_ADDRESS = 0x5a00_0000_0000L;
    private static final long MAPPING_STEP = 1L << 32;
    private static final int NO_CALL = -1;
    private static final int STATX_BYTES = 256;
    private static final int STATX_DIRECT_MEMORY = 152;
    private static final int STATX_DIRECT_BLOCK = 156;

    final SimDisk disk;
    final Tally tally;
    final boolean device;
    final int blockBytes;
    private final Map<Integer, Open> open = new HashMap<>();
    private final Map<Long, Long> mappings = new HashMap<>();
    private int nextFd = 100;
    private long nextAddress = FIRST_ADDRESS;

    /** The device, or its medium, was pulled out. */
    boolean absent;

    /** statx(2) tells the blocks of direct transfers. */
    boolean tellsBlocks;

    /** mincore(2) says that all is in memory, as to those who may not write the file. */
    boolean secretive;

    SimFiles(SimDisk disk, Tally tally, boolean device, int blockBytes) {
        this.disk = disk;
        this.tally = tally;
        this.device = device;
        this.blockBytes = blockBytes;
    }

    /** The process that had them is no more. */
    void closeAll() {
        open.clear();
        mappings.clear();
    }

    Open file(int fd) {
        Open file = open.get(fd);
        if (file == null) {
            throw new AssertionError("descriptor " + fd + " is not open");
        }
        return file;
    }

    long sizeBytes() {
        return absent ? 0 : (long) disk.sectors() * SimDisk.SECTOR_BYTES;
    }

    /** Where in the file an address of a mapping lies. */
    long mappedAt(long address, long bytes) {
        long start = address / MAPPING_STEP * MAPPING_STEP;
        Long length = mappings.get(start);
        if (length == null || address + bytes > start + length) {
            throw new AssertionError("not mapped: " + Long.toHexString(address) + ", " + bytes);
        }
        return address - start;
    }

    static boolean isMapping(long address) {
        return address >= FIRST_ADDRESS && address < FIRST_ADDRESS + (MAPPING_STEP << 16);
    }

    @Override
    public int open(byte[] pathname, int flags, int mode) {
        if (absent) {
            return -Errno.ENXIO;
        }
        boolean direct = (flags & Linux.O_DIRECT) != 0;
        boolean durable = (flags & Linux.O_DSYNC) != 0;
        open.put(++nextFd, new Open(direct, durable, (flags & Linux.O_RDWR) != 0));
        return nextFd;
    }

    @Override
    public int close(int fd) {
        file(fd);
        open.remove(fd);
        return 0;
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        file(fd);
        if (whence != Linux.SEEK_DATA) {
            return sizeBytes();
        }
        long data = disk.firstData();
        return data < 0 ? -Errno.ENXIO : data;
    }

    @Override
    public int ioctl(int fd, long request, long argp) {
        file(fd);
        ByteBuffer answer = Libc.wrap(argp, 8).order(ByteOrder.nativeOrder());
        long value = deviceAnswer(request);
        if (!device || value == NO_CALL) {
            return -Errno.ENOTTY;
        }
        if (request == Linux.BLKGETSIZE) {
            answer.putLong(0, value);
        } else {
            answer.putInt(0, (int) value);
        }
        return 0;
    }

    private long deviceAnswer(long request) {
        if (request == Linux.BLKGETSIZE) {
            return sizeBytes() / SimDisk.SECTOR_BYTES;
        }
        if (request == Linux.BLKSSZGET || request == Linux.BLKPBSZGET) {
            return blockBytes;
        }
        return request == Linux.BLKROGET ? 0 : NO_CALL;
    }

    /** As before Linux 6.1, except where it is told. */
    @Override
    public int statx(int dirfd, long pathname, int flags, int mask, long statxbuf) {
        file(dirfd);
        if (!tellsBlocks) {
            return -Errno.ENOSYS;
        }
        ByteBuffer answer = Libc.wrap(statxbuf, STATX_BYTES).order(ByteOrder.nativeOrder());
        answer.putInt(STATX_DIRECT_MEMORY, blockBytes).putInt(STATX_DIRECT_BLOCK, blockBytes);
        return 0;
    }

    @Override
    public long mmap(long addr, long length, int prot, int flags, int fd, long offset) {
        file(fd);
        long start = nextAddress;
        nextAddress += MAPPING_STEP;
        mappings.put(start, length);
        return start;
    }

    @Override
    public int munmap(long addr, long length) {
        mappedAt(addr, length);
        mappings.remove(addr);
        return 0;
    }

    @Override
    public int madvise(long addr, long length, int advice) {
        mappedAt(addr, length);
        return 0;
    }

    @Override
    public int mincore(long addr, long length, long vec) {
        int first = SimDisk.page(mappedAt(addr, length));
        int count = (int) (length / SimDisk.PAGE_BYTES);
        ByteBuffer answer = Libc.wrap(vec, count);
        for (int i = 0; i < count; i++) {
            answer.put(i, (byte) (secretive || disk.resident(first + i) ? 1 : 0));
        }
        return 0;
    }

    @Override
    public int getrusage(int who, long usage) {
        ByteBuffer answer = Libc.wrap(usage, Linux.RUSAGE_BYTES).order(ByteOrder.nativeOrder());
        answer.putLong(Linux.RU_MAJFLT, tally.of(Tally.Event.MAJOR_FAULTS));
        return 0;
    }
}
