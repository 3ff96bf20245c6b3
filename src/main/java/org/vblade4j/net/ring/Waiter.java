// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;

/**
 * Waits for the packet socket, for one descriptor of the port's user, for link events and for
 * {@link #wakeUp}, with one ppoll(2).
 *
 * <p>The two that happen all the time are watched only while somebody waits: what is in an epoll
 * set is called back for each frame that is sent or arrives, also when nobody waits, a fifth of the
 * cost of a frame. The two that hardly happen are behind one epoll descriptor, which ppoll watches
 * for the price of one.
 */
final class Waiter implements AutoCloseable {
    /** Bits of {@link #await}'s answer; 0 is the timeout. */
    static final int FRAMES = 1;

    static final int SOCKET_ERROR = 2;
    static final int LINK_EVENT = 4;
    static final int WOKEN = 8;
    static final int WATCHED = 16;

    private static final int SOCKET = 0;
    private static final int WATCH = Sockets.POLLFD_BYTES;
    private static final int RARE = 2 * Sockets.POLLFD_BYTES;
    private static final int DESCRIPTORS = 3;
    private static final int TIMEOUT = DESCRIPTORS * Sockets.POLLFD_BYTES;
    private static final int ONE = TIMEOUT + 2 * Long.BYTES;
    private static final int COUNT = ONE + Long.BYTES;

    /** What epoll_ctl(2) is told and epoll_wait(2) tells: of two descriptors. */
    private static final int EPOLL = COUNT + Long.BYTES;

    private static final int NONE = -1;
    private static final long SECOND_NS = 1_000_000_000;

    private final NativeMemory memory;
    private final ByteBuffer fields;
    private final int epollFd;
    private final int eventFd;
    private final Object wakeLock = new Object();
    private boolean closed; // under wakeLock: the descriptor's number may be another file's by now

    private Waiter(NativeMemory memory, int socketFd, int epollFd, int eventFd) {
        this.memory = memory;
        this.epollFd = epollFd;
        this.eventFd = eventFd;
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        poll(SOCKET, socketFd);
        poll(RARE, epollFd);
        watch(NONE);
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
        Waiter waiter = new Waiter(memory, socketFd, epollFd, eventFd);
        try {
            waiter.add(linkFd, LINK_EVENT);
            waiter.add(eventFd, WOKEN);
        } catch (OsException e) {
            waiter.close();
            throw e;
        }
        return waiter;
    }

    private void poll(int at, int fd) {
        fields.putInt(at, fd);
        fields.putShort(at + Sockets.POLLFD_EVENTS, (short) Linux.POLLIN);
    }

    /**
     * As {@link org.vblade4j.net.EthernetPort#watch}: instead of the one before. ppoll passes over
     * a negative one.
     */
    void watch(int fd) {
        poll(WATCH, fd);
    }

    private void add(int fd, int bit) throws OsException {
        fields.putInt(EPOLL, Linux.POLLIN);
        fields.putLong(EPOLL + Linux.EPOLL_EVENT_DATA, bit);
        if (Libc.epoll_ctl(epollFd, Linux.EPOLL_CTL_ADD, fd, memory.address() + EPOLL) < 0) {
            throw OsException.last("epoll_ctl");
        }
    }

    /**
     * Waits until something happens; a wake-up is taken by that.
     *
     * @param timeoutNs negative for no limit
     */
    int await(long timeoutNs) throws OsException {
        long start = timeoutNs > 0 ? System.nanoTime() : 0;
        long rest = timeoutNs;
        while (poll(rest) < 0) {
            int errno = Libc.errno();
            if (errno != Errno.EINTR) {
                throw new OsException("ppoll", errno);
            }
            if (timeoutNs > 0) {
                rest = Math.max(0, timeoutNs - (System.nanoTime() - start));
            }
        }
        int socket = happened(SOCKET);
        int what = (socket & Linux.POLLIN) != 0 ? FRAMES : 0;
        what |= (socket & ~Linux.POLLIN) != 0 ? SOCKET_ERROR : 0;
        what |= happened(WATCH) != 0 ? WATCHED : 0;
        return happened(RARE) == 0 ? what : what | rare();
    }

    private int poll(long timeoutNs) {
        long timeout = 0;
        if (timeoutNs >= 0) {
            fields.putLong(TIMEOUT, timeoutNs / SECOND_NS);
            fields.putLong(TIMEOUT + Long.BYTES, timeoutNs % SECOND_NS);
            timeout = memory.address() + TIMEOUT;
        }
        return Libc.ppoll(memory.address(), DESCRIPTORS, timeout, 0);
    }

    private int happened(int at) {
        return fields.getShort(at + Sockets.POLLFD_REVENTS);
    }

    private int rare() {
        int what = 0;
        int count = Libc.epoll_wait(epollFd, memory.address() + EPOLL, 2, 0);
        for (int i = 0; i < count; i++) {
            int event = EPOLL + i * Linux.EPOLL_EVENT_BYTES;
            what |= (int) fields.getLong(event + Linux.EPOLL_EVENT_DATA);
        }
        if ((what & WOKEN) != 0) {
            Libc.read(eventFd, memory.address() + COUNT, Long.BYTES);
        }
        return what;
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
