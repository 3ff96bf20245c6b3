// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;

/**
 * A route netlink socket that becomes readable when some interface changes, see rtnetlink(7). What
 * changed is not read from it: events may be lost, while asking anew is always right.
 */
final class LinkEvents implements AutoCloseable {
    private final int fd;
    private final NativeMemory scratch;

    private LinkEvents(int fd, NativeMemory scratch) {
        this.fd = fd;
        this.scratch = scratch;
    }

    static LinkEvents open() throws OsException {
        NativeMemory scratch = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        int type = Sockets.SOCK_RAW | Sockets.SOCK_CLOEXEC | Sockets.SOCK_NONBLOCK;
        int fd = Libc.socket(Sockets.AF_NETLINK, type, Sockets.NETLINK_ROUTE);
        if (fd < 0) {
            OsException failure = OsException.last("socket(AF_NETLINK)");
            scratch.close();
            throw failure;
        }
        LinkEvents events = new LinkEvents(fd, scratch);
        ByteBuffer address = scratch.buffer().duplicate().order(ByteOrder.nativeOrder());
        address.putShort(0, (short) Sockets.AF_NETLINK);
        address.putInt(Sockets.SOCKADDR_NL_GROUPS, Sockets.RTMGRP_LINK);
        if (Libc.bind(fd, scratch.address(), Sockets.SOCKADDR_NL_BYTES) != 0) {
            OsException failure = OsException.last("bind(AF_NETLINK)");
            events.close();
            throw failure;
        }
        return events;
    }

    int fd() {
        return fd;
    }

    /** Forgets the events so far; cut short ones too. */
    void drain() {
        long got;
        do {
            got = Libc.recv(fd, scratch.address(), scratch.lengthBytes(), 0);
        } while (got >= 0 || Libc.errno() == Errno.ENOBUFS || Libc.errno() == Errno.EINTR);
    }

    @Override
    public void close() {
        Libc.close(fd);
        scratch.close();
    }
}
