// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/**
 * The bytes from and to one client, in the clear until it asks for TLS. One thread reads, one
 * writes, any thread closes.
 */
final class ClientChannel implements ByteChannel {
    private final SocketChannel socket;
    private volatile ByteChannel bytes;

    ClientChannel(SocketChannel socket) {
        this.socket = socket;
        bytes = socket;
    }

    /** Negotiates TLS; from then on everything goes through it. */
    void secure(Tls tls) throws IOException {
        bytes = tls.over(socket);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return bytes.read(into);
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        return bytes.write(from);
    }

    /** Nothing more is read; what is still to be written goes out. */
    void endInput() throws IOException {
        socket.shutdownInput();
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
