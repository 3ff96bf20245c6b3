// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.Closeable;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/** The client's side in as few lines as will do; sends what a test wants, right or wrong. */
public final class NbdClient implements Closeable {
    /** An answer to a request: error 0 and data for a read. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record Reply(long cookie, int error, long offset, byte[] data) {}

    /** An answer to an option. */
    @SuppressWarnings("ArrayRecordComponent") // never compared as a whole
    record OptionReply(int option, int type, byte[] data) {}

    private final SocketChannel socket;
    private ByteChannel channel;
    private boolean structured;
    private long sizeBytes;
    private int flags;

    NbdClient(SocketAddress address, int clientFlags) throws IOException {
        socket = SocketChannel.open(address);
        channel = socket;
        ByteBuffer greeting = receive(18);
        if (greeting.getLong() != Nbd.NBDMAGIC || greeting.getLong() != Nbd.IHAVEOPT) {
            throw new IOException("no NBD server");
        }
        send(ByteBuffer.allocate(4).putInt(clientFlags));
    }

    /** Negotiated as modern clients do. */
    public static NbdClient going(SocketAddress address, boolean structured) throws IOException {
        return going(new NbdClient(address, 3), structured);
    }

    /** The same by TLS. */
    static NbdClient secure(SocketAddress address, SSLContext tls) throws IOException {
        NbdClient client = new NbdClient(address, 3);
        client.option(Nbd.OPT_STARTTLS, new byte[0]);
        if (client.optionReply().type() != Nbd.REP_ACK) {
            throw new IOException("no TLS");
        }
        SSLSocket over =
                (SSLSocket)
                        tls.getSocketFactory()
                                .createSocket(
                                        new TlsChannel.Below(client.socket), "localhost", 1, true);
        over.startHandshake();
        client.channel = new TlsChannel(over);
        return going(client, true);
    }

    private static NbdClient going(NbdClient client, boolean structured) throws IOException {
        if (structured) {
            client.option(Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
            client.structured = client.optionReply().type() == Nbd.REP_ACK;
        }
        client.option(Nbd.OPT_GO, info("", Nbd.INFO_BLOCK_SIZE));
        OptionReply reply = client.optionReply();
        while (reply.type() == Nbd.REP_INFO) {
            ByteBuffer data = ByteBuffer.wrap(reply.data());
            if (data.getShort() == Nbd.INFO_EXPORT) {
                client.sizeBytes = data.getLong();
                client.flags = data.getShort();
            }
            reply = client.optionReply();
        }
        if (reply.type() != Nbd.REP_ACK) {
            throw new IOException("refused: " + reply);
        }
        return client;
    }

    static byte[] info(String name, int... wanted) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer data = ByteBuffer.allocate(6 + bytes.length + 2 * wanted.length);
        data.putInt(bytes.length).put(bytes).putShort((short) wanted.length);
        for (int type : wanted) {
            data.putShort((short) type);
        }
        return data.array();
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int flags() {
        return flags;
    }

    void option(int option, byte[] data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16 + data.length);
        send(bytes.putLong(Nbd.IHAVEOPT).putInt(option).putInt(data.length).put(data));
    }

    OptionReply optionReply() throws IOException {
        ByteBuffer head = receive(20);
        if (head.getLong() != Nbd.REPLY_MAGIC) {
            throw new IOException("no reply");
        }
        int option = head.getInt();
        int type = head.getInt();
        return new OptionReply(option, type, receive(head.getInt()).array());
    }

    void request(int flags, int type, long cookie, long offset, int length, byte[] payload)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(Nbd.REQUEST_BYTES + payload.length);
        bytes.putInt(Nbd.REQUEST_MAGIC).putShort((short) flags).putShort((short) type);
        send(bytes.putLong(cookie).putLong(offset).putInt(length).put(payload));
    }

    /**
     * @param readBytes what a successful simple reply to a read brings; 0 for others
     */
    Reply reply(int readBytes) throws IOException {
        ByteBuffer magic = receive(4);
        if (magic.getInt() == Nbd.SIMPLE_REPLY_MAGIC) {
            ByteBuffer rest = receive(12);
            int error = rest.getInt();
            int bytes = structured || error != 0 ? 0 : readBytes;
            return new Reply(rest.getLong(), error, -1, receive(bytes).array());
        }
        return chunks(receive(16));
    }

    /** The chunks of one reply, which follow each other here, in whatever order. */
    private Reply chunks(ByteBuffer firstHead) throws IOException {
        SortedMap<Long, byte[]> parts = new TreeMap<>();
        ByteBuffer head = firstHead;
        long cookie = head.getLong(head.position() + 4);
        boolean more = true;
        while (more) {
            more = (head.getShort() & Nbd.CHUNK_FLAG_DONE) == 0;
            int type = head.getShort() & 0xffff;
            if (head.getLong() != cookie) {
                throw new IOException("chunks of two replies");
            }
            ByteBuffer data = receive(head.getInt());
            if (type == Nbd.CHUNK_ERROR) {
                return new Reply(cookie, data.getInt(), -1, new byte[0]);
            }
            if (type == Nbd.CHUNK_OFFSET_DATA) {
                long offset = data.getLong();
                byte[] part = new byte[data.remaining()];
                data.get(part);
                parts.put(offset, part);
            }
            head = more ? receive(20).position(4) : head;
        }
        long first = parts.isEmpty() ? -1 : parts.firstKey();
        ByteBuffer all = ByteBuffer.allocate(parts.values().stream().mapToInt(p -> p.length).sum());
        for (Map.Entry<Long, byte[]> part : parts.entrySet()) {
            if (part.getKey() != first + all.position()) {
                throw new IOException("a gap before " + part.getKey());
            }
            all.put(part.getValue());
        }
        return new Reply(cookie, 0, first, all.array());
    }

    /** Reads and waits for the data; an error is an exception. */
    public byte[] read(long offset, int bytes) throws IOException {
        long cookie = offset ^ 0x5a5a;
        request(0, Nbd.CMD_READ, cookie, offset, bytes, new byte[0]);
        Reply reply = reply(bytes);
        if (reply.cookie() != cookie || reply.error() != 0) {
            throw new IOException("cookie " + reply.cookie() + ", error " + reply.error());
        }
        return reply.data();
    }

    void send(ByteBuffer bytes) throws IOException {
        Wire.writeFully(channel, bytes.flip());
    }

    ByteBuffer receive(int bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        Wire.readFully(channel, buffer);
        return buffer.flip();
    }

    /** True when the server has nothing more to say. */
    boolean atEnd() throws IOException {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (SocketException | SSLException e) {
            return true; // it has left unread what was sent
        }
    }

    /** True when the server has hung up; takes nothing and does not wait. */
    boolean atEndNow() throws IOException {
        socket.configureBlocking(false);
        ByteBuffer one = ByteBuffer.allocate(1);
        return channel.read(one) < 0;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
