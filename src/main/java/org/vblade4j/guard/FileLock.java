// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * A file held open, and a lock on some of its bytes that belongs to this opening of it (fcntl(2),
 * F_OFD_SETLK): unlike a process' own locks it does not go when another descriptor of the file is
 * closed, it excludes other exports of this process too, and it ends with the process.
 */
final class FileLock {
    /** Outcome of {@link #lock}. */
    enum Outcome {
        LOCKED,
        HELD_BY_ANOTHER,
        /** The file system knows no such locks. */
        UNSUPPORTED
    }

    private final int fd;

    private FileLock(int fd) {
        this.fd = fd;
    }

    /** Opens for reading and writing; null with {@link Libc#errno} when that fails. */
    static FileLock open(Path path, int moreFlags) {
        return openWith(path, Linux.O_RDWR | moreFlags);
    }

    /** Opens for reading only, and waits for nobody; null when that fails. */
    static FileLock openToRead(Path path) {
        return openWith(path, Linux.O_RDONLY | Linux.O_NONBLOCK);
    }

    private static FileLock openWith(Path path, int accessFlags) {
        int flags = accessFlags | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(path.toString()), flags, 0);
        return fd < 0 ? null : new FileLock(fd);
    }

    /** Takes the exclusive lock; never waits. */
    Outcome lock(ByteRange range) {
        return lock(Linux.F_OFD_SETLK, Linux.F_WRLCK, range);
    }

    /** Takes a lock that others may have at the same time, and that keeps exclusive ones off. */
    Outcome lockShared(ByteRange range) {
        return lock(Linux.F_OFD_SETLK, Linux.F_RDLCK, range);
    }

    /** The same as this process' own: {@link LockTable} names it to others. */
    Outcome lockSharedAsProcess(ByteRange range) {
        return lock(Linux.F_SETLK, Linux.F_RDLCK, range);
    }

    private Outcome lock(int command, short type, ByteRange range) {
        if (Libc.fcntl(fd, command, Libc.address(flock(type, range))) == 0) {
            return Outcome.LOCKED;
        }
        int errno = Libc.errno();
        return errno == Errno.EAGAIN || errno == Errno.EACCES
                ? Outcome.HELD_BY_ANOTHER
                : Outcome.UNSUPPORTED;
    }

    /** {@code fcntl(2)} with a number. */
    int control(int command, int argument) {
        return Libc.fcntl(fd, command, argument);
    }

    /** True when another has a lock on any byte that this file has or can have. */
    boolean anyLockElsewhere() {
        ByteBuffer flock = flock(Linux.F_WRLCK, new ByteRange(0, 0));
        return Libc.fcntl(fd, Linux.F_OFD_GETLK, Libc.address(flock)) == 0
                && flock.getShort(0) != Linux.F_UNLCK;
    }

    private static ByteBuffer flock(short type, ByteRange range) {
        ByteBuffer flock =
                ByteBuffer.allocateDirect(Linux.FLOCK_BYTES).order(ByteOrder.nativeOrder());
        flock.putShort(0, type);
        flock.putLong(Linux.FLOCK_START, range.from());
        flock.putLong(Linux.FLOCK_LEN, range.lengthBytes());
        return flock;
    }

    void close() {
        Libc.close(fd);
    }
}
