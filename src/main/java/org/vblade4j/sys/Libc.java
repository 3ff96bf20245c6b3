// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The C library's functions by JNA direct mapping: each is the C function of its name, its
 * prototype above it. Pointers are {@code long} addresses and strings zero-terminated bytes ({@link
 * #cString}), so that a call allocates nothing. A call that fails returns what it returns in C; ask
 * {@link #errno} at once, before any other call of this class on the thread.
 *
 * <p>{@code open}, {@code ioctl} and {@code syscall} are variadic in C and declared here with the
 * fixed arguments they are used with. That is right on x86-64, where libffi sets {@code %al} for
 * every call, and on AAPCS64 Linux, where variadic arguments use the registers of named ones
 * (Apple's aarch64 differs, Linux does not).
 */
public final class Libc {
    static {
        Native.register(Libc.class, NativeLibrary.getProcess());
    }

    private Libc() {}

    /** The errno of this thread's last call of this class. */
    public static int errno() {
        return Native.getLastError();
    }

    /** UTF-8 with the terminating zero that C expects. */
    public static byte[] cString(String text) {
        return (text + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** The memory at an address as a big-endian buffer, which does not own it. */
    public static ByteBuffer wrap(long address, long lengthBytes) {
        return new Pointer(address).getByteBuffer(0, lengthBytes).order(ByteOrder.BIG_ENDIAN);
    }

    /** The address of a direct buffer's byte 0, whatever its position. */
    public static long address(ByteBuffer buffer) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
    }

    // char *strerror(int errnum)
    static native String strerror(int errnum);

    // int open(const char *pathname, int flags, mode_t mode)
    public static native int open(byte[] pathname, int flags, int mode);

    // int close(int fd)
    public static native int close(int fd);

    /** {@code dup2(2)}. */
    public static native int dup2(int oldfd, int newfd);

    // int dup3(int oldfd, int newfd, int flags)
    public static native int dup3(int oldfd, int newfd, int flags);

    // ssize_t read(int fd, void *buf, size_t count)
    public static native long read(int fd, long buf, long count);

    // ssize_t write(int fd, const void *buf, size_t count)
    public static native long write(int fd, long buf, long count);

    // int sched_getcpu(void)
    static native int sched_getcpu();

    // int sched_setaffinity(pid_t pid, size_t cpusetsize, const cpu_set_t *mask)
    static native int sched_setaffinity(int pid, long cpusetsize, long mask);

    // ssize_t pread(int fd, void *buf, size_t count, off_t offset)
    public static native long pread(int fd, long buf, long count, long offset);

    // ssize_t pwrite(int fd, const void *buf, size_t count, off_t offset)
    public static native long pwrite(int fd, long buf, long count, long offset);

    // ssize_t preadv(int fd, const struct iovec *iov, int iovcnt, off_t offset)
    public static native long preadv(int fd, long iov, int iovcnt, long offset);

    // ssize_t pwritev(int fd, const struct iovec *iov, int iovcnt, off_t offset)
    public static native long pwritev(int fd, long iov, int iovcnt, long offset);

    // long syscall(long number, ...)
    public static native long syscall(
            long number, long arg1, long arg2, long arg3, long arg4, long arg5, long arg6);

    // off_t lseek(int fd, off_t offset, int whence)
    public static native long lseek(int fd, long offset, int whence);

    // int isatty(int fd)
    public static native int isatty(int fd);

    // int fsync(int fd)
    public static native int fsync(int fd);

    // int fdatasync(int fd)
    public static native int fdatasync(int fd);

    // int posix_fadvise(int fd, off_t offset, off_t len, int advice)
    public static native int posix_fadvise(int fd, long offset, long len, int advice);

    // int fcntl(int fd, int cmd, struct flock *lock)
    public static native int fcntl(int fd, int cmd, long lock);

    // int flock(int fd, int operation)
    public static native int flock(int fd, int operation);

    // int ioctl(int fd, unsigned long request, void *argp)
    public static native int ioctl(int fd, long request, long argp);

    // void *mmap(void *addr, size_t length, int prot, int flags, int fd, off_t offset)
    public static native long mmap(
            long addr, long length, int prot, int flags, int fd, long offset);

    // int getpagesize(void)
    public static native int getpagesize();

    // int mprotect(void *addr, size_t len, int prot)
    static native int mprotect(long addr, long len, int prot);

    // void *lfind(const void *key, const void *base, size_t *nmemb, size_t size,
    //             int (*compar)(const void *, const void *))
    static native long lfind(long key, long base, long nmemb, long size, long compar);

    // int madvise(void *addr, size_t length, int advice)
    public static native int madvise(long addr, long length, int advice);

    // int mincore(void *addr, size_t length, unsigned char *vec)
    public static native int mincore(long addr, long length, long vec);

    // int getrusage(int who, struct rusage *usage)
    public static native int getrusage(int who, long usage);

    // int munmap(void *addr, size_t length)
    public static native int munmap(long addr, long length);

    // int socket(int domain, int type, int protocol)
    public static native int socket(int domain, int type, int protocol);

    // int bind(int sockfd, const struct sockaddr *addr, socklen_t addrlen)
    public static native int bind(int sockfd, long addr, int addrlen);

    // int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t optlen)
    public static native int setsockopt(
            int sockfd, int level, int optname, long optval, int optlen);

    // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)
    public static native int getsockopt(
            int sockfd, int level, int optname, long optval, long optlen);

    // ssize_t recv(int sockfd, void *buf, size_t len, int flags)
    public static native long recv(int sockfd, long buf, long len, int flags);

    // ssize_t sendto(int sockfd, const void *buf, size_t len, int flags,
    //                const struct sockaddr *dest_addr, socklen_t addrlen)
    public static native long sendto(
            int sockfd, long buf, long len, int flags, long destAddr, int addrlen);

    // int sendmmsg(int sockfd, struct mmsghdr *msgvec, unsigned int vlen, int flags)
    public static native int sendmmsg(int sockfd, long msgvec, int vlen, int flags);

    // int ppoll(struct pollfd *fds, nfds_t nfds, const struct timespec *tmo, const sigset_t *mask)
    public static native int ppoll(long fds, long nfds, long tmo, long mask);

    // int eventfd(unsigned int initval, int flags)
    public static native int eventfd(int initval, int flags);

    // int epoll_create1(int flags)
    public static native int epoll_create1(int flags);

    // int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)
    public static native int epoll_ctl(int epfd, int op, int fd, long event);

    // int timerfd_create(int clockid, int flags)
    public static native int timerfd_create(int clockid, int flags);

    // int timerfd_settime(int fd, int flags, const struct itimerspec *new_value,
    //                     struct itimerspec *old_value)
    public static native int timerfd_settime(int fd, int flags, long newValue, long oldValue);

    // unsigned int if_nametoindex(const char *ifname)
    public static native int if_nametoindex(byte[] ifname);

    // int unshare(int flags)
    public static native int unshare(int flags);

    // int mount(const char *source, const char *target, const char *filesystemtype,
    //           unsigned long mountflags, const void *data)
    public static native int mount(
            byte[] source, byte[] target, byte[] filesystemtype, long mountflags, long data);
}
