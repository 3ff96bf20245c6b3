// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;

/**
 * Waits until the first of several ports has a frame, with one ppoll(2). Used by the thread that
 * owns the ports, except {@link #wakeUp}; call each port's {@code await(0)} afterwards, so that it
 * sees to its own link. Ports without a descriptor, such as those inside the process, are asked in
 * turns of a millisecond.
 */
public final class PortsWaiter implements AutoCloseable {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TURN_NS = 1_000_000;

    private final List<EthernetPort> ports;
    private final Object wakeLock = new Object();
    private NativeMemory memory;
    private ByteBuffer fields;
    private int eventFd = -1; // this and the next under wakeLock
    private boolean woken;

    public PortsWaiter(List<EthernetPort> ports) {
        this.ports = new ArrayList<>(ports);
    }

    /** Waits for this port no more: it has failed. */
    public void drop(EthernetPort port) {
        int at = ports.indexOf(port);
        if (at >= 0) {
            ports.remove(at);
            release();
        }
    }

    /**
     * Blocks until a frame waits at some port, {@link #wakeUp} was called, or the time has passed.
     *
     * @param timeoutNs nanoseconds; negative for no limit
     */
    public void await(long timeoutNs) throws PortException {
        if (ports.stream().anyMatch(port -> port.descriptor() < 0)) {
            awaitInTurns(timeoutNs);
            return;
        }
        try {
            if (memory == null) {
                open();
            }
            poll(takeWake() ? 0 : timeoutNs);
        } catch (OsException e) {
            throw new PortException("waiting for frames: " + e.getMessage(), e);
        }
    }

    private void open() throws OsException {
        int eventAt = ports.size() * Sockets.POLLFD_BYTES;
        memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        synchronized (wakeLock) {
            eventFd = Libc.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
            if (eventFd < 0) {
                throw OsException.last("eventfd");
            }
            watch(eventAt, eventFd);
        }
        for (int i = 0; i < ports.size(); i++) {
            watch(i * Sockets.POLLFD_BYTES, ports.get(i).descriptor());
        }
    }

    private void watch(int at, int fd) {
        fields.putInt(at, fd);
        fields.putShort(at + Sockets.POLLFD_EVENTS, (short) Linux.POLLIN);
    }

    /** A signal ends the wait early, which is as good as a frame that was dropped. */
    private void poll(long timeoutNs) throws OsException {
        int count = ports.size() + 1;
        int timeoutAt = count * Sockets.POLLFD_BYTES;
        long timeout = 0;
        if (timeoutNs >= 0) {
            fields.putLong(timeoutAt, timeoutNs / SECOND_NS);
            fields.putLong(timeoutAt + Long.BYTES, timeoutNs % SECOND_NS);
            timeout = memory.address() + timeoutAt;
        }
        if (Libc.ppoll(memory.address(), count, timeout, 0) < 0) {
            int errno = Libc.errno();
            if (errno != Errno.EINTR) {
                throw new OsException("ppoll", errno);
            }
        }
        takeWake();
    }

    private boolean takeWake() {
        synchronized (wakeLock) {
            boolean was = woken;
            woken = false;
            if (was && eventFd >= 0) {
                int at = NativeMemory.PAGE_BYTES - Long.BYTES;
                Libc.read(eventFd, memory.address() + at, Long.BYTES);
            }
            return was;
        }
    }

    private void awaitInTurns(long timeoutNs) throws PortException {
        long startNs = System.nanoTime();
        for (int i = 0; ; i++) {
            long restNs = timeoutNs - (System.nanoTime() - startNs);
            boolean over = timeoutNs >= 0 && restNs <= 0;
            long turnNs = timeoutNs < 0 ? TURN_NS : Math.max(0, Math.min(TURN_NS, restNs));
            long turnStartNs = System.nanoTime();
            ports.get(i % ports.size()).await(turnNs);
            boolean early = System.nanoTime() - turnStartNs < turnNs;
            if (early || over || takeWake()) {
                return;
            }
        }
    }

    /** Any thread: makes the current or the next {@link #await} return. */
    public void wakeUp() {
        synchronized (wakeLock) {
            woken = true;
            if (eventFd >= 0) {
                int at = NativeMemory.PAGE_BYTES - 2 * Long.BYTES;
                fields.putLong(at, 1);
                Libc.write(eventFd, memory.address() + at, Long.BYTES);
            }
        }
    }

    private void release() {
        synchronized (wakeLock) {
            if (eventFd >= 0) {
                Libc.close(eventFd);
                eventFd = -1;
            }
            if (memory != null) {
                memory.close();
                memory = null;
            }
        }
    }

    /** By the thread that waits, or another once that one has ended; the ports stay open. */
    @Override
    public void close() {
        release();
    }
}
