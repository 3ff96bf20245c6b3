// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Waits for the packet socket, for link events, for {@link #wakeUp} and for one descriptor of the
 * port's user, with one epoll_wait(2): unlike poll(2) it costs the same for one and for four.
 */
final class Waiter implements AutoCloseable {
    /** Bits of {@link #await}'s answer; 0 is the timeout. */
    static final int FRAMES = 1;

    static final int SOCKET_ERROR = 2;
    static final int LINK_EVENT = 4;
    static final int WOKEN = 8;
    static final int WATCHED = 16;

    private static final int DESCRIPTORS = 4;
    private static final int CHANGE = DESCRIPTORS * Linux.EPOLL_EVENT_BYTES;
    private static final int ONE = (CHANGE + Linux.EPOLL_EVENT_BYTES + 7) & -8;
    private static final int COUNT = ONE + Long.BYTES;
    private static final int NONE = -1;
    private static final long MS_NS = 1_000_000;

    private final NativeMemory memory;
    private final ByteBuffer fields;
    private final int epollFd;
    private final int eventFd;
    private final Object wakeLock = new Object();
    private int watchedFd = NONE;
    private boolean closed; // under wakeLock: the descriptor's number may be another file's by now

    private Waiter(NativeMemory memory, int epollFd, int eventFd) {
        this.memory = memory;
        this.epollFd = epollFd;
        this.eventFd = eventFd;
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        fields.putLong(ONE, 1);
    }

    static Waiter open(int socketFd, int linkFd) throws OsException {
        NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        int epollFd = Libc.epoll_create1(Linux.EPOLL_CLOEXEC);
        int eventFd = epollFd < 0 ? NONE : Libc.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        if (eventFd < 0) {
            OsException failure = OsException.last("epoll_create1, eventfd");
            if (epollFd >= 0) {
                Libc.close(epollFd);
            }
            memory.close();
            throw failure;
        }
        Waiter waiter = new Waiter(memory, epollFd, eventFd);
        try {
            waiter.add(socketFd, FRAMES);
            waiter.add(linkFd, LINK_EVENT);
            waiter.add(eventFd, WOKEN);
        } catch (OsException e) {
            waiter.close();
            throw e;
        }
        return waiter;
    }

    /** As {@link org.vblade4j.net.EthernetPort#watch}: instead of the one before. */
    void watch(int fd) throws OsException {
        if (watchedFd != NONE) { // fails when that is closed, and forgotten so
            Libc.epoll_ctl(epollFd, Linux.EPOLL_CTL_DEL, watchedFd, memory.address() + CHANGE);
        }
        watchedFd = fd;
        if (fd != NONE) {
            add(fd, WATCHED);
        }
    }

    private void add(int fd, int bit) throws OsException {
        fields.putInt(CHANGE, Linux.POLLIN);
        fields.putLong(CHANGE + Linux.EPOLL_EVENT_DATA, bit);
        if (Libc.epoll_ctl(epollFd, Linux.EPOLL_CTL_ADD, fd, memory.address() + CHANGE) < 0) {
            throw OsException.last("epoll_ctl");
        }
    }

    /**
     * Waits until something happens; a wake-up is taken by that.
     *
     * @param timeoutNs negative for no limit; is rounded up to whole milliseconds
     */
    int await(long timeoutNs) throws OsException {
        long start = timeoutNs > 0 ? System.nanoTime() : 0;
        long rest = timeoutNs;
        int count = poll(rest);
        while (count < 0) {
            int errno = Libc.errno();
            if (errno != Errno.EINTR) {
                throw new OsException("epoll_wait", errno);
            }
            if (timeoutNs > 0) {
                rest = Math.max(0, timeoutNs - (System.nanoTime() - start));
            }
            count = poll(rest);
        }
        int what = 0;
        for (int i = 0; i < count; i++) {
            what |= happened(i * Linux.EPOLL_EVENT_BYTES);
        }
        if ((what & WOKEN) != 0) {
            Libc.read(eventFd, memory.address() + COUNT, Long.BYTES);
        }
        return what;
    }

    private int poll(long timeoutNs) {
        int timeoutMs = -1;
        if (timeoutNs >= 0) {
            timeoutMs = (int) Math.min(Integer.MAX_VALUE, (timeoutNs + MS_NS - 1) / MS_NS);
        }
        return Libc.epoll_wait(epollFd, memory.address(), DESCRIPTORS, timeoutMs);
    }

    private int happened(int at) {
        int events = fields.getInt(at);
        int bit = (int) fields.getLong(at + Linux.EPOLL_EVENT_DATA);
        if (bit != FRAMES) {
            return bit;
        }
        return ((events & Linux.POLLIN) != 0 ? FRAMES : 0)
                | ((events & ~Linux.POLLIN) != 0 ? SOCKET_ERROR : 0);
    }

    /** Any thread, also after {@link #close}. */
    void wakeUp() {
        synchronized (wakeLock) {
            if (!closed) {
                Libc.write(eventFd, memory.address() + ONE, Long.BYTES);
            }
        }
    }

    @Override
    public void close() {
        synchronized (wakeLock) {
            closed = true;
            Libc.close(eventFd);
            Libc.close(epollFd);
            memory.close();
        }
    }
}
