// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

/**
 * The system calls that a disk's file is used with, so that tests can put another kernel below the
 * stores. Each is the call of its name, with addresses as {@code long}. One that fails returns the
 * errno negated, as the kernel itself does: a success is never negative.
 *
 * <p>A call allocates nothing. Any thread may call.
 */
public interface FileCalls {
    /** The running system's, through the C library. */
    FileCalls LIBC = new LibcFileCalls();

    /** {@code open(2)}; {@link Libc#cString} makes the path. */
    int open(byte[] pathname, int flags, int mode);

    /** {@code close(2)}. */
    int close(int fd);

    /** {@code pread(2)}. */
    long pread(int fd, long buf, long count, long offset);

    /** {@code pwrite(2)}. */
    long pwrite(int fd, long buf, long count, long offset);

    /** {@code preadv(2)}. */
    long preadv(int fd, long iov, int iovcnt, long offset);

    /** {@code preadv2(2)}, with flags as {@link Linux#RWF_NOWAIT}. */
    long preadv2(int fd, long iov, int iovcnt, long offset, int flags);

    /** {@code pwritev(2)}. */
    long pwritev(int fd, long iov, int iovcnt, long offset);

    /** {@code fdatasync(2)}. */
    int fdatasync(int fd);

    /** {@code lseek(2)}. */
    long lseek(int fd, long offset, int whence);

    /** {@code statx(2)}. */
    int statx(int dirfd, long pathname, int flags, int mask, long statxbuf);

    /** {@code ioctl(2)} of a block device, with a pointer as its argument. */
    int ioctl(int fd, long request, long argp);

    /** {@code posix_fadvise(2)}. */
    int posix_fadvise(int fd, long offset, long len, int advice);

    /** {@code mmap(2)}. */
    long mmap(long addr, long length, int prot, int flags, int fd, long offset);

    /** {@code munmap(2)}. */
    int munmap(long addr, long length);

    /** {@code madvise(2)}. */
    int madvise(long addr, long length, int advice);

    /** {@code mincore(2)}. */
    int mincore(long addr, long length, long vec);

    /** {@code getrusage(2)}. */
    int getrusage(int who, long usage);
}
