// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;

/** TLS over a connection of any family; the caller closes the connection below. */
final class TlsChannel implements ByteChannel {
    /** What one record of TLS can hold. */
    private static final int RECORD_BYTES = 1 << 14;

    private final SSLSocket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] read = new byte[RECORD_BYTES];
    private final byte[] written = new byte[RECORD_BYTES];

    TlsChannel(SSLSocket socket) throws IOException {
        this.socket = socket;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = in.read(read, 0, Math.min(RECORD_BYTES, into.remaining()));
        if (count > 0) {
            into.put(read, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = Math.min(RECORD_BYTES, from.remaining());
        from.get(written, 0, count);
        out.write(written, 0, count);
        return count;
    }

    @Override
    public boolean isOpen() {
        return !socket.isClosed();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /**
     * What JSSE takes a connection for. A channel's own socket does not exist for Unix sockets, and
     * {@code Channels}' streams let no thread read while another writes before JDK 19.
     */
    static final class Below extends Socket {
        private final SocketChannel channel;

        Below(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public boolean isClosed() {
            return !channel.isOpen();
        }

        @Override
        public InputStream getInputStream() {
            return new InputStream() {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                }

                @Override
                public int read(byte[] into, int at, int length) throws IOException {
                    return length == 0 ? 0 : channel.read(ByteBuffer.wrap(into, at, length));
                }
            };
        }

        @Override
        public OutputStream getOutputStream() {
            return new OutputStream() {
                @Override
                public void write(int octet) throws IOException {
                    write(new byte[] {(byte) octet}, 0, 1);
                }

                @Override
                public void write(byte[] from, int at, int length) throws IOException {
                    Wire.writeFully(channel, ByteBuffer.wrap(from, at, length));
                }
            };
        }

        @Override
        public void shutdownInput() throws IOException {
            channel.shutdownInput();
        }

        @Override
        public void shutdownOutput() throws IOException {
            channel.shutdownOutput();
        }

        @Override
        public synchronized void close() throws IOException {
            channel.close();
        }
    }
}
