// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

/** Numbers from the headers that go with {@link Libc}'s file, memory and event functions. */
public final class Linux {
    // fcntl.h
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0x40;
    public static final int O_EXCL = 0x80;
    public static final int O_TRUNC = 0x200;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_DSYNC = 0x1000;
    public static final int O_SYNC = 0x101000;
    public static final int O_CLOEXEC = 0x80000;

    /** Depends on the architecture: arm and powerpc have their own fcntl.h. */
    public static final int O_DIRECT = directFlag(System.getProperty("os.arch"));

    public static final int POSIX_FADV_DONTNEED = 4;

    // unistd.h
    public static final int SEEK_SET = 0;
    public static final int SEEK_CUR = 1;
    public static final int SEEK_END = 2;
    public static final int SEEK_DATA = 3;
    public static final int SEEK_HOLE = 4;

    // sys/file.h
    public static final int LOCK_SH = 1;
    public static final int LOCK_EX = 2;
    public static final int LOCK_NB = 4;
    public static final int LOCK_UN = 8;

    // fcntl.h: locks of an open file description, on a range of bytes
    public static final int F_OFD_GETLK = 36;
    public static final int F_OFD_SETLK = 37;
    public static final short F_RDLCK = 0;
    public static final short F_WRLCK = 1;
    public static final short F_UNLCK = 2;

    // fcntl.h: locks of the process; leases, and the signal that one is to be given back
    public static final int F_SETLK = 6;
    public static final int F_SETSIG = 10;
    public static final int F_SETLEASE = 1024;

    /** Ignored by who has not asked for it. */
    public static final int SIGURG = 23;

    // struct flock
    public static final int FLOCK_BYTES = 32;
    public static final int FLOCK_START = 8;
    public static final int FLOCK_LEN = 16;

    // sys/mman.h
    public static final int PROT_NONE = 0;
    public static final int PROT_READ = 1;
    public static final int PROT_WRITE = 2;
    public static final int PROT_EXEC = 4;
    public static final int MAP_SHARED = 0x01;
    public static final int MAP_PRIVATE = 0x02;
    public static final int MAP_FIXED = 0x10;
    public static final int MAP_ANONYMOUS = 0x20;
    public static final int MAP_NORESERVE = 0x4000;
    public static final long MAP_FAILED = -1;
    public static final int MADV_RANDOM = 1;
    public static final int MADV_COLD = 20; // since Linux 5.4
    public static final int MADV_POPULATE_READ = 22; // since Linux 5.14

    // sys/resource.h
    public static final int RUSAGE_THREAD = 1;
    public static final int RUSAGE_BYTES = 144;

    /** In struct rusage: page faults that had to wait for a disk. */
    public static final int RU_MAJFLT = 72;

    // linux/fs.h: requests of ioctl(2) on block devices
    /** Size in sectors of 512 bytes, to an unsigned long. */
    public static final long BLKGETSIZE = 0x1260;

    /** Size in bytes, to an uint64_t. */
    public static final long BLKGETSIZE64 = 0x80081272L;

    /** Logical block size, to an int. */
    public static final long BLKSSZGET = 0x1268;

    /** Physical block size, to an unsigned int. */
    public static final long BLKPBSZGET = 0x127b;

    /** Read-only flag, to an int. */
    public static final long BLKROGET = 0x125e;

    // asm-generic/ioctls.h
    /** Size of a terminal, to a struct winsize: rows, columns, two more; four unsigned shorts. */
    public static final long TIOCGWINSZ = 0x5413;

    // linux/fs.h: flags of preadv2(2)
    /** Do not wait: EAGAIN when it is not in the page cache. */
    public static final int RWF_NOWAIT = 8;

    /** The number of preadv2 for syscall(2); not every C library has the function. */
    public static final int SYS_PREADV2 = preadv2Number(System.getProperty("os.arch"));

    /** The number of statx for syscall(2); not every C library has the function. */
    public static final int SYS_STATX = statxNumber(System.getProperty("os.arch"));

    // sys/eventfd.h
    public static final int EFD_CLOEXEC = 0x80000;
    public static final int EFD_NONBLOCK = 0x800;

    // sys/epoll.h, sys/timerfd.h, time.h
    public static final int EPOLL_CLOEXEC = 0x80000;
    public static final int EPOLL_CTL_ADD = 1;
    public static final int TFD_CLOEXEC_NONBLOCK = 0x80800;
    public static final int CLOCK_MONOTONIC = 1;

    // poll.h
    public static final int POLLIN = 1;
    public static final int POLLERR = 8;

    // sched.h
    public static final int CLONE_NEWNS = 0x00020000;
    public static final int CLONE_NEWNET = 0x40000000;

    // sys/mount.h
    public static final long MS_REC = 0x4000;
    public static final long MS_PRIVATE = 0x40000;

    private Linux() {}

    /** -1, which the kernel answers with ENOSYS, where the number is not known. */
    static int preadv2Number(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> 327;
            case "aarch64", "riscv64", "loongarch64" -> 286;
            case "ppc64", "ppc64le" -> 380;
            case "s390x" -> 376;
            default -> -1;
        };
    }

    /** -1, as {@link #preadv2Number}. */
    static int statxNumber(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> 332;
            case "aarch64", "riscv64", "loongarch64" -> 291;
            case "ppc64", "ppc64le" -> 383;
            case "s390x" -> 379;
            default -> -1;
        };
    }

    static int directFlag(String architecture) {
        return switch (architecture) {
            case "aarch64" -> 0x10000;
            case "ppc64", "ppc64le" -> 0x20000;
            default -> 0x4000;
        };
    }
}
