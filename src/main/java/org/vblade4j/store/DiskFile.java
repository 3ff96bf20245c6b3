// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.OsException;

/**
 * An open file or block device and its size, which follows it. {@link #sectors} asks the system at
 * most once a second; {@link #refreshSize} asks at once.
 */
final class DiskFile {
    static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(1);

    private final FileCalls calls;
    private final int fd;
    private final DeviceKind kind;
    private final LongSupplier clockNs;
    private final ByteBuffer answer = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
    private final long answerAddress = Libc.address(answer);
    private long sectors;
    private boolean absent;
    private long refreshedNs;

    private DiskFile(int fd, DeviceKind kind, Platform platform) {
        calls = platform.calls();
        this.fd = fd;
        this.kind = kind;
        clockNs = platform.clockNs();
        refreshSize();
    }

    /**
     * Opens without any check of what the path is.
     *
     * @param flags of open(2), besides those for reading and writing
     */
    static DiskFile open(Path path, DeviceKind kind, boolean readOnly, int flags, Platform platform)
            throws OsException {
        int mode = (readOnly ? Linux.O_RDONLY : Linux.O_RDWR) | Linux.O_CLOEXEC | flags;
        int fd;
        do {
            fd = platform.calls().open(Libc.cString(path.toString()), mode, 0);
        } while (fd == -Errno.EINTR);
        if (fd < 0) {
            throw new OsException("open", -fd);
        }
        return new DiskFile(fd, kind, platform);
    }

    int fd() {
        return fd;
    }

    FileCalls calls() {
        return calls;
    }

    long sectors() {
        if (clockNs.getAsLong() - refreshedNs >= REFRESH_NS) {
            refreshSize();
        }
        return sectors;
    }

    /**
     * Takes the size from the system now. When it cannot tell, or the device is {@link #absent},
     * the last one known stays.
     */
    void refreshSize() {
        refreshedNs = clockNs.getAsLong();
        long now = isDevice() ? deviceSectors() : fileSectors();
        absent = now == 0 && isDevice();
        if (now >= 0 && !absent) {
            sectors = now;
        }
    }

    /**
     * Of the device itself: where lseek(2) sees its end is moved by a write that was under way when
     * it was taken out.
     */
    private long deviceSectors() {
        int result = calls.ioctl(fd, Linux.BLKGETSIZE, answerAddress);
        return result < 0 ? fileSectors() : answer.getLong(0);
    }

    private long fileSectors() {
        long bytes = calls.lseek(fd, 0, Linux.SEEK_END);
        return bytes < 0 ? bytes : bytes / BlockStore.SECTOR_BYTES;
    }

    boolean isDevice() {
        return kind == DeviceKind.BLOCK_DEVICE;
    }

    /** When the system was asked last, the device had no size: it, or its medium, was taken out. */
    boolean absent() {
        return absent;
    }

    /** Whether the request lies inside; asks the system before it denies that. */
    boolean holds(StoreRequest request) {
        if (!absent && request.within(sectors)) {
            return true;
        }
        refreshSize();
        return !absent && request.within(sectors);
    }

    /** What a request is told that {@link #holds} denied: the end was passed, or all is gone. */
    StoreStatus beyond() {
        return absent ? StoreStatus.UNAVAILABLE : StoreStatus.OUT_OF_RANGE;
    }

    /**
     * To be called right before writes that {@link #holds} will check: past the end they would make
     * a regular file grow.
     */
    void aboutToWrite() {
        if (kind == DeviceKind.REGULAR_FILE) {
            refreshSize();
        }
    }

    /** The size last seen, in bytes, whole sectors. */
    long knownBytes() {
        return sectors * BlockStore.SECTOR_BYTES;
    }

    /**
     * Writes back what the page cache has of it and drops that. A direct write has to do so for its
     * own pages, and an engine has to wait for it.
     */
    void dropCached() {
        calls.fdatasync(fd);
        calls.posix_fadvise(fd, 0, 0, Linux.POSIX_FADV_DONTNEED);
    }

    void close() {
        calls.close(fd);
    }
}
