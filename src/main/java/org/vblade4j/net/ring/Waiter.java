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
 * Waits for the packet socket, for link events, for {@link #wakeUp} and for one descriptor of the
 * port's user, with one ppoll(2). That costs more than epoll_wait(2), but only those who wait: a
 * socket in an epoll set is called back for each frame it sends or receives, a fifth of the cost of
 * a frame.
 */
final class Waiter implements AutoCloseable {
    /** Bits of {@link #await}'s answer; 0 is the timeout. */
    static final int FRAMES = 1;

    static final int SOCKET_ERROR = 2;
    static final int LINK_EVENT = 4;
    static final int WOKEN = 8;
    static final int WATCHED = 16;

    private static final int SOCKET = 0;
    private static final int EVENTS = Sockets.POLLFD_BYTES;
    private static final int WAKE = 2 * Sockets.POLLFD_BYTES;
    private static final int WATCH = 3 * Sockets.POLLFD_BYTES;
    private static final int DESCRIPTORS = 4;
    private static final int TIMEOUT = DESCRIPTORS * Sockets.POLLFD_BYTES;
    private static final int ONE = TIMEOUT + 16;
    private static final int COUNT = ONE + Long.BYTES;
    private static final long SECOND_NS = 1_000_000_000L;

    private final NativeMemory memory;
    private final ByteBuffer fields;
    private final int eventFd;
    private final Object wakeLock = new Object();
    private boolean closed; // under wakeLock: the descriptor's number may be another file's by now

    private Waiter(NativeMemory memory, int eventFd, int socketFd, int linkFd) {
        this.memory = memory;
        this.eventFd = eventFd;
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        watch(SOCKET, socketFd);
        watch(EVENTS, linkFd);
        watch(WAKE, eventFd);
        watch(-1);
        fields.putLong(ONE, 1);
    }

    /** As {@link org.vblade4j.net.EthernetPort#watch}; ppoll passes over a negative one. */
    void watch(int fd) {
        watch(WATCH, fd);
    }

    private void watch(int at, int fd) {
        fields.putInt(at, fd);
        fields.putShort(at + Sockets.POLLFD_EVENTS, (short) Linux.POLLIN);
    }

    static Waiter open(int socketFd, int linkFd) throws OsException {
        NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        int eventFd = Libc.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        if (eventFd < 0) {
            OsException failure = OsException.last("eventfd");
            memory.close();
            throw failure;
        }
        return new Waiter(memory, eventFd, socketFd, linkFd);
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
        what |= happened(EVENTS) != 0 ? LINK_EVENT : 0;
        what |= happened(WATCH) != 0 ? WATCHED : 0;
        if (happened(WAKE) != 0) {
            Libc.read(eventFd, memory.address() + COUNT, Long.BYTES);
            what |= WOKEN;
        }
        return what;
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
            memory.close();
        }
    }
}
