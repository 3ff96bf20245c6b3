// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Packet;
import org.vblade4j.sys.Sockets;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.Mac;

/**
 * An AF_PACKET socket: its options, in the order the kernel wants them. It hears nothing before
 * {@link #bind}, so that no frame passes it unfiltered.
 */
final class PacketSocket implements AutoCloseable {
    private static final int SEND_BUFFER_BYTES = 16 << 20;
    private static final int LENGTH_AT = 256; // where getsockopt's optlen lies in the scratch page

    private final int fd;
    private final NativeMemory scratch;
    private final ByteBuffer fields;
    private final long created = System.nanoTime();
    private final Object lock = new Object();
    private boolean closed; // under lock: the descriptor's number may be another file's by now

    private PacketSocket(int fd, NativeMemory scratch) {
        this.fd = fd;
        this.scratch = scratch;
        fields = scratch.buffer().duplicate().order(ByteOrder.nativeOrder());
    }

    static PacketSocket open() throws OsException {
        NativeMemory scratch = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        int type = Sockets.SOCK_RAW | Sockets.SOCK_CLOEXEC;
        int fd = Libc.socket(Sockets.AF_PACKET, type, 0);
        if (fd < 0) {
            OsException failure = OsException.last("socket(AF_PACKET)");
            scratch.close();
            throw failure;
        }
        return new PacketSocket(fd, scratch);
    }

    int fd() {
        return fd;
    }

    /** When it was made: the kernel keeps its packet sockets in this order. */
    long created() {
        return created;
    }

    /**
     * Any thread, as the other methods that say so.
     *
     * @throws OsException EBADF once it is closed; all three
     */
    void attach(List<AoeFilter.Instruction> program) throws OsException {
        give(program, Sockets.SOL_SOCKET, Sockets.SO_ATTACH_FILTER, "SO_ATTACH_FILTER");
    }

    /** Any thread: the program of the fanout group that this socket is in. */
    void steer(List<AoeFilter.Instruction> program) throws OsException {
        give(program, Packet.SOL_PACKET, Packet.PACKET_FANOUT_DATA, "PACKET_FANOUT_DATA");
    }

    private void give(List<AoeFilter.Instruction> program, int level, int option, String name)
            throws OsException {
        int at = Sockets.SOCK_FPROG_BYTES;
        try (NativeMemory memory =
                NativeMemory.allocate(at + (long) program.size() * Sockets.SOCK_FILTER_BYTES)) {
            ByteBuffer words = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
            words.putShort(0, (short) program.size());
            words.putLong(Sockets.SOCK_FPROG_FILTER, memory.address() + at);
            for (AoeFilter.Instruction instruction : program) {
                words.putShort(at, (short) instruction.code());
                words.put(at + 2, (byte) instruction.whenTrue());
                words.put(at + 3, (byte) instruction.whenFalse());
                words.putInt(at + 4, instruction.k());
                at += Sockets.SOCK_FILTER_BYTES;
            }
            int bytes = Sockets.SOCK_FPROG_BYTES;
            setWhileOpen(level, option, memory.address(), bytes, name);
        }
    }

    /** Founds a fanout group that is steered by a program; returns its number. */
    int foundFanout() throws OsException {
        fanout(0, Packet.PACKET_FANOUT_CBPF | Packet.PACKET_FANOUT_FLAG_UNIQUEID);
        if (!get(Packet.SOL_PACKET, Packet.PACKET_FANOUT, Integer.BYTES)) {
            throw OsException.last("getsockopt(PACKET_FANOUT)");
        }
        return fields.getInt(0) & 0xffff;
    }

    /** Any thread: joins a group of that number, at the last place. */
    void joinFanout(int id) throws OsException {
        fanout(id, Packet.PACKET_FANOUT_CBPF);
    }

    private void fanout(int id, int type) throws OsException {
        try (NativeMemory memory = NativeMemory.allocate(Packet.FANOUT_ARGS_BYTES)) {
            ByteBuffer words = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
            words.putInt(0, id | type << Packet.FANOUT_TYPE_SHIFT);
            words.putInt(Packet.FANOUT_MAX_MEMBERS, SteeringProgram.MAX_MEMBERS + 1);
            long at = memory.address();
            int bytes = Packet.FANOUT_ARGS_BYTES;
            setWhileOpen(Packet.SOL_PACKET, Packet.PACKET_FANOUT, at, bytes, "PACKET_FANOUT");
        }
    }

    private void setWhileOpen(int level, int option, long address, int bytes, String name)
            throws OsException {
        synchronized (lock) {
            if (closed) {
                throw new OsException("setsockopt(" + name + ")", Errno.EBADF);
            }
            if (Libc.setsockopt(fd, level, option, address, bytes) != 0) {
                throw OsException.last("setsockopt(" + name + ")");
            }
        }
    }

    /** Makes the ring and maps it; version and reserve must precede it. */
    NativeMemory mapRing(RingLayout layout) throws OsException {
        setInt(Packet.PACKET_VERSION, Packet.TPACKET_V2, "PACKET_VERSION");
        setInt(Packet.PACKET_RESERVE, layout.reserveBytes(), "PACKET_RESERVE");
        fields.putInt(0, layout.blockBytes());
        fields.putInt(4, layout.blocks());
        fields.putInt(8, layout.frameBytes());
        fields.putInt(12, layout.frames());
        int bytes = Packet.TPACKET_REQ_BYTES;
        set(Packet.SOL_PACKET, Packet.PACKET_RX_RING, bytes, "PACKET_RX_RING");
        return NativeMemory.mapShared(fd, layout.ringBytes());
    }

    /**
     * What may fail without harm: room for a burst of replies (the forced form needs
     * CAP_NET_ADMIN), and not hearing own frames, which a socket bound to one protocol does not
     * hear anyway.
     */
    void tune() {
        fields.putInt(0, SEND_BUFFER_BYTES);
        if (!trySet(Sockets.SOL_SOCKET, Sockets.SO_SNDBUFFORCE, Integer.BYTES)) {
            trySet(Sockets.SOL_SOCKET, Sockets.SO_SNDBUF, Integer.BYTES);
        }
        fields.putInt(0, 1);
        trySet(Packet.SOL_PACKET, Packet.PACKET_IGNORE_OUTGOING, Integer.BYTES);
    }

    /**
     * Has the interface take what is sent to another unicast address than its own, for as long as
     * the socket is open; the kernel marks such frames as another host's.
     */
    void receiveFor(int interfaceIndex, long mac) throws OsException {
        fields.putInt(Packet.MR_IFINDEX, interfaceIndex);
        fields.putShort(Packet.MR_TYPE, (short) Packet.PACKET_MR_UNICAST);
        fields.putShort(Packet.MR_ALEN, (short) Mac.BYTES);
        Mac.put(scratch.buffer(), Packet.MR_ADDRESS, mac);
        int bytes = Packet.PACKET_MREQ_BYTES;
        set(Packet.SOL_PACKET, Packet.PACKET_ADD_MEMBERSHIP, bytes, "PACKET_ADD_MEMBERSHIP");
    }

    /** From here on the ring fills. */
    void bind(int interfaceIndex) throws OsException {
        for (int i = 0; i < Packet.SOCKADDR_LL_BYTES; i++) {
            fields.put(i, (byte) 0);
        }
        fields.putShort(0, (short) Sockets.AF_PACKET);
        scratch.buffer().putShort(Packet.SLL_PROTOCOL, (short) Aoe.ETHERTYPE); // network order
        fields.putInt(Packet.SLL_IFINDEX, interfaceIndex);
        if (Libc.bind(fd, scratch.address(), Packet.SOCKADDR_LL_BYTES) != 0) {
            throw OsException.last("bind");
        }
    }

    /** The socket's pending error, 0 for none; reading it clears it. */
    int takeError() {
        return get(Sockets.SOL_SOCKET, Sockets.SO_ERROR, Integer.BYTES) ? fields.getInt(0) : 0;
    }

    /** Frames that found the ring full since the last call. */
    long takeDrops() {
        boolean known =
                get(Packet.SOL_PACKET, Packet.PACKET_STATISTICS, Packet.TPACKET_STATS_BYTES);
        return known ? fields.getInt(Packet.TP_DROPS) & 0xffff_ffffL : 0;
    }

    private void setInt(int option, int value, String name) throws OsException {
        fields.putInt(0, value);
        set(Packet.SOL_PACKET, option, Integer.BYTES, name);
    }

    private void set(int level, int option, int bytes, String name) throws OsException {
        if (!trySet(level, option, bytes)) {
            throw OsException.last("setsockopt(" + name + ")");
        }
    }

    private boolean trySet(int level, int option, int bytes) {
        return Libc.setsockopt(fd, level, option, scratch.address(), bytes) == 0;
    }

    private boolean get(int level, int option, int bytes) {
        long address = scratch.address();
        fields.putInt(LENGTH_AT, bytes);
        return Libc.getsockopt(fd, level, option, address, address + LENGTH_AT) == 0;
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (!closed) {
                closed = true;
                Libc.close(fd);
                scratch.close();
            }
        }
    }
}
