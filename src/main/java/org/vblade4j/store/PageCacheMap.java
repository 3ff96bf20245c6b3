// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.file.Path;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * The page cache of a file or block device, mapped into the address space for the kernel to read
 * from. Java never touches it: past the end of a file that was truncated an access is a fault,
 * which a system call reports as EFAULT and which would end a Java thread anywhere.
 *
 * <p>Follows the size: a mapping may reach beyond the end of its file, so only growth needs
 * another.
 */
final class PageCacheMap implements AutoCloseable {
    private final FileCalls calls;
    private final int fd;
    private final Residency residency;
    private long address;
    private long mappedBytes;
    private long sizeBytes;
    private boolean shrunk;
    private boolean sizedAnew;
    private boolean closed;

    private PageCacheMap(FileCalls calls, int fd, Residency residency) {
        this.calls = calls;
        this.fd = fd;
        this.residency = residency;
    }

    /** Null when the page cache cannot be mapped, or the kernel does not tell what is in it. */
    static PageCacheMap open(Path path, Platform platform) {
        FileCalls calls = platform.calls();
        int flags = Linux.O_RDONLY | Linux.O_CLOEXEC;
        int fd = calls.open(Libc.cString(path.toString()), flags, 0);
        if (fd < 0) {
            return null;
        }
        if (Libc.getpagesize() != NativeMemory.PAGE_BYTES) {
            calls.close(fd);
            return null;
        }
        PageCacheMap map;
        try {
            map = new PageCacheMap(calls, fd, Residency.create(platform));
        } catch (OsException e) {
            calls.close(fd);
            return null;
        }
        map.sizeBytes = calls.lseek(fd, 0, Linux.SEEK_END);
        if (map.sizeBytes > 0 && map.remap() && map.mincoreTellsAll()) {
            return map;
        }
        map.close();
        return null;
    }

    /** One page more than the file has, for {@link #mincoreTellsAll}. */
    private boolean remap() {
        unmap();
        long bytes = (sizeBytes + 2L * NativeMemory.PAGE_BYTES - 1) & -NativeMemory.PAGE_BYTES;
        long at = calls.mmap(0, bytes, Linux.PROT_READ, Linux.MAP_SHARED, fd, 0);
        if (at < 0) {
            return false;
        }
        calls.madvise(at, bytes, Linux.MADV_RANDOM); // no read-ahead on the thread that sends
        address = at;
        mappedBytes = bytes;
        residency.reset(at, bytes / NativeMemory.PAGE_BYTES);
        return true;
    }

    /**
     * To those who could not write the file mincore(2) says that every page is there. The page
     * behind the end cannot be.
     */
    private boolean mincoreTellsAll() {
        return !residency.covers(mappedBytes - NativeMemory.PAGE_BYTES, NativeMemory.PAGE_BYTES);
    }

    /** Where these bytes lie in memory; 0 when they do not, or might not all. */
    long find(long at, int bytes) {
        if (at + bytes > sizeBytes && !sizedAnew) {
            sizedAnew = true; // it was cut, and has grown again
            refreshSize();
        }
        return at + bytes <= Math.min(sizeBytes, mappedBytes) && residency.covers(at, bytes)
                ? address + at
                : 0;
    }

    /**
     * Splits the folio that holds this address, which {@link #find} has told: {@link SmallFolios}.
     */
    void split(long foundAddress) {
        long page = foundAddress & -NativeMemory.PAGE_BYTES;
        // What is not in the page table of this process is passed over by the other.
        if (calls.madvise(page, NativeMemory.PAGE_BYTES, Linux.MADV_POPULATE_READ) == 0) {
            calls.madvise(page, NativeMemory.PAGE_BYTES, Linux.MADV_COLD);
        }
    }

    /** As {@link Residency#tick}. */
    void tick() {
        sizedAnew = false;
        residency.tick();
    }

    /** As {@link Residency#forget}. */
    void forget() {
        residency.forget();
    }

    /** Looks at the size. */
    void refreshSize() {
        long before = sizeBytes;
        sizeBytes = Math.max(0, calls.lseek(fd, 0, Linux.SEEK_END));
        shrunk |= sizeBytes < before;
    }

    /**
     * Looks at the size: false when the file has become smaller since the last call, so that what
     * was found may be zeros behind its end.
     */
    boolean stillWhole() {
        refreshSize();
        boolean whole = !shrunk;
        shrunk = false;
        return whole;
    }

    /** Covers what the file has grown by. Moves the mapping: nothing found before may be in use. */
    void grow() {
        if (sizeBytes > mappedBytes) {
            remap();
        }
    }

    private void unmap() {
        if (mappedBytes > 0) {
            calls.munmap(address, mappedBytes);
            mappedBytes = 0;
        }
    }

    /** A second call is harmless. */
    @Override
    public void close() {
        if (!closed) {
            closed = true; // the number may soon be another file's
            unmap();
            calls.close(fd);
            residency.close();
        }
    }
}
