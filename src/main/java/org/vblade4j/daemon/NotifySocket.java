// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * The socket on which systemd, or whoever else set {@code NOTIFY_SOCKET}, wants to hear how far the
 * service is: one datagram a message, {@code NAME=value} lines (sd_notify(3)). The JDK has no Unix
 * datagram sockets, hence the system calls.
 */
final class NotifySocket {
    static final String VARIABLE = "NOTIFY_SOCKET";

    // sys/socket.h
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int MSG_NOSIGNAL = 0x4000;

    // struct sockaddr_un: a native short, then at most 108 bytes of path (unix(7)).
    private static final int FAMILY_BYTES = 2;
    private static final int PATH_BYTES = 108;
    private static final int MESSAGE_OFFSET = 128;

    private final byte[] path;

    private NotifySocket(byte[] path) {
        this.path = path;
    }

    /**
     * Empty when nobody wants to hear.
     *
     * @throws IOException when the variable holds what cannot be the address of a Unix socket
     */
    static Optional<NotifySocket> of(Map<String, String> environment) throws IOException {
        String name = environment.getOrDefault(VARIABLE, "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        boolean isAbstract = path[0] == '@';
        if ((!isAbstract && path[0] != '/') || path.length >= PATH_BYTES) {
            throw new IOException(
                    VARIABLE + "=" + name + " is not a socket: expected /path or @name");
        }
        if (isAbstract) {
            path[0] = 0;
        }
        return Optional.of(new NotifySocket(path));
    }

    /** Waits while the reader's queue is full. */
    void send(String message) throws IOException {
        byte[] text = message.getBytes(StandardCharsets.UTF_8);
        int socket = Libc.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw OsException.last("socket");
        }
        try (NativeMemory memory = NativeMemory.allocate(MESSAGE_OFFSET + text.length)) {
            ByteBuffer buffer = memory.buffer();
            int addressBytes = putAddress(buffer);
            buffer.put(MESSAGE_OFFSET, text);
            long address = memory.address();
            long sent =
                    Libc.sendto(
                            socket,
                            address + MESSAGE_OFFSET,
                            text.length,
                            MSG_NOSIGNAL,
                            address,
                            addressBytes);
            if (sent != text.length) {
                throw OsException.last("sendto " + VARIABLE);
            }
        } finally {
            Libc.close(socket);
        }
    }

    private int putAddress(ByteBuffer buffer) {
        buffer.duplicate().order(ByteOrder.nativeOrder()).putShort(0, (short) AF_UNIX);
        buffer.put(FAMILY_BYTES, path);
        return FAMILY_BYTES + path.length;
    }
}
