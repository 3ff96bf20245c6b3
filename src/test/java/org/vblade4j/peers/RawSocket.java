// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.wire.Aoe;

/**
 * An AF_PACKET socket as packet(7) describes it, without rings or filter: sends any bytes, receives
 * every frame of AoE's ethertype whatever its destination. Independent of the ports under test.
 */
public final class RawSocket implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int SOCKADDR_LL_BYTES = 20;
    private static final int MAX_FRAME_BYTES = 65536;
    private static final int POLLFD_OFFSET = MAX_FRAME_BYTES;
    private static final int TIMESPEC_OFFSET = MAX_FRAME_BYTES + 64;

    private final int fd;
    private final NativeMemory memory = NativeMemory.allocate(MAX_FRAME_BYTES + 128);
    private final ByteBuffer buffer = memory.buffer();

    /** Opens and binds. */
    public RawSocket(String interfaceName) throws IOException {
        fd = check("socket", Libc.socket(AF_PACKET, SOCK_RAW, 0));
        int index = Libc.if_nametoindex(Libc.cString(interfaceName));
        ByteBuffer address = buffer.slice(0, SOCKADDR_LL_BYTES); // sockaddr_ll
        address.putShort(0, nativeOrder((short) AF_PACKET));
        address.putShort(2, (short) Aoe.ETHERTYPE);
        address.order(ByteOrder.nativeOrder()).putInt(4, index);
        check("bind", Libc.bind(fd, memory.address(), SOCKADDR_LL_BYTES));
    }

    /** Makes room for many large frames. */
    public void growReceiveBuffer(int bytes) throws IOException {
        buffer.slice(0, 4).order(ByteOrder.nativeOrder()).putInt(0, bytes);
        check("setsockopt", Libc.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, memory.address(), 4));
    }

    /** Sends a whole frame, Ethernet header first. */
    public void send(byte[] frame) throws IOException {
        buffer.put(0, frame);
        if (Libc.write(fd, memory.address(), frame.length) != frame.length) {
            throw OsException.last("write");
        }
    }

    /** The next frame, or null when none comes within the time. */
    public byte[] receive(long timeoutNs) throws IOException {
        if (!awaitReadable(Math.max(0, timeoutNs))) {
            return null;
        }
        long length = Libc.recv(fd, memory.address(), MAX_FRAME_BYTES, MSG_DONTWAIT);
        if (length < 0) {
            if (Libc.errno() == Errno.EAGAIN) {
                return null;
            }
            throw OsException.last("recv");
        }
        byte[] frame = new byte[(int) length];
        buffer.get(0, frame);
        return frame;
    }

    private boolean awaitReadable(long timeoutNs) throws IOException {
        ByteBuffer poll = buffer.slice(POLLFD_OFFSET, 128).order(ByteOrder.nativeOrder());
        poll.putInt(0, fd).putShort(4, (short) Linux.POLLIN).putShort(6, (short) 0);
        poll.putLong(64, timeoutNs / 1_000_000_000).putLong(72, timeoutNs % 1_000_000_000);
        long fds = memory.address() + POLLFD_OFFSET;
        return check("ppoll", Libc.ppoll(fds, 1, memory.address() + TIMESPEC_OFFSET, 0)) > 0;
    }

    private static short nativeOrder(short value) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
                ? Short.reverseBytes(value)
                : value;
    }

    private static int check(String call, int result) throws OsException {
        if (result < 0) {
            throw OsException.last(call);
        }
        return result;
    }

    @Override
    public void close() {
        Libc.close(fd);
        memory.close();
    }
}
