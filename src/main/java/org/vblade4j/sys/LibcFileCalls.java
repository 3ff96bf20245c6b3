// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

/** Hands each call on to {@link Libc}. */
final class LibcFileCalls implements FileCalls {
    private static long result(long returned) {
        return returned >= 0 ? returned : -Libc.errno();
    }

    private static int result(int returned) {
        return returned >= 0 ? returned : -Libc.errno();
    }

    @Override
    public int open(byte[] pathname, int flags, int mode) {
        return result(Libc.open(pathname, flags, mode));
    }

    @Override
    public int close(int fd) {
        return result(Libc.close(fd));
    }

    @Override
    public long pread(int fd, long buf, long count, long offset) {
        return result(Libc.pread(fd, buf, count, offset));
    }

    @Override
    public long pwrite(int fd, long buf, long count, long offset) {
        return result(Libc.pwrite(fd, buf, count, offset));
    }

    @Override
    public long preadv(int fd, long iov, int iovcnt, long offset) {
        return result(Libc.preadv(fd, iov, iovcnt, offset));
    }

    /** By number: its C function takes the flags where the call takes the offset's upper half. */
    @Override
    public long preadv2(int fd, long iov, int iovcnt, long offset, int flags) {
        return result(Libc.syscall(Linux.SYS_PREADV2, fd, iov, iovcnt, offset, 0, flags));
    }

    @Override
    public long pwritev(int fd, long iov, int iovcnt, long offset) {
        return result(Libc.pwritev(fd, iov, iovcnt, offset));
    }

    @Override
    public int fdatasync(int fd) {
        return result(Libc.fdatasync(fd));
    }

    @Override
    public long lseek(int fd, long offset, int whence) {
        return result(Libc.lseek(fd, offset, whence));
    }

    /** By number: not every C library has the function. */
    @Override
    public int statx(int dirfd, long pathname, int flags, int mask, long statxbuf) {
        return (int)
                result(Libc.syscall(Linux.SYS_STATX, dirfd, pathname, flags, mask, statxbuf, 0));
    }

    @Override
    public int ioctl(int fd, long request, long argp) {
        return result(Libc.ioctl(fd, request, argp));
    }

    /** The C function returns the errno and does not set it. */
    @Override
    public int posix_fadvise(int fd, long offset, long len, int advice) {
        return -Libc.posix_fadvise(fd, offset, len, advice);
    }

    @Override
    public long mmap(long addr, long length, int prot, int flags, int fd, long offset) {
        return result(Libc.mmap(addr, length, prot, flags, fd, offset));
    }

    @Override
    public int munmap(long addr, long length) {
        return result(Libc.munmap(addr, length));
    }

    @Override
    public int madvise(long addr, long length, int advice) {
        return result(Libc.madvise(addr, length, advice));
    }

    @Override
    public int mincore(long addr, long length, long vec) {
        return result(Libc.mincore(addr, length, vec));
    }

    @Override
    public int getrusage(int who, long usage) {
        return result(Libc.getrusage(who, usage));
    }
}
