// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Prefetch;
import org.vblade4j.sys.Sockets;

/**
 * Sends committed slots with sendmmsg(2), usually all with one call. What the interface does not
 * take is dropped and counted: the initiator asks again.
 */
final class Transmitter implements AutoCloseable {
    /** What one flush waits at most for an interface without buffers: 20 pauses of 50 us. */
    private static final int MAX_PAUSES = 20;

    private static final long PAUSE_NS = 50_000;

    /**
     * Before the messages: a timespec, the pause; a long, how many vectors there are to prefetch.
     */
    private static final int PREFETCH_COUNT = 16;

    private static final int MESSAGES = PREFETCH_COUNT + Long.BYTES;

    /** The slot, and what is gathered from elsewhere. */
    private static final int VECTORS_BYTES = 2 * Sockets.IOVEC_BYTES;

    private static final int MESSAGE_BYTES = Sockets.MMSGHDR_BYTES + VECTORS_BYTES;

    private final int fd;
    private final Counters counters;
    private final NativeMemory region;
    private final NativeMemory messages;
    private final ByteBuffer fields;
    private final TransmitSlots slots;
    private int vectors;
    private int unreadable;
    private boolean linkSuspect;
    private boolean downSeen;

    private Transmitter(
            int fd,
            Counters counters,
            TransmitSlots slots,
            NativeMemory region,
            NativeMemory messages) {
        this.fd = fd;
        this.counters = counters;
        this.slots = slots;
        this.region = region;
        this.messages = messages;
        fields = messages.buffer().duplicate().order(ByteOrder.nativeOrder());
    }

    static Transmitter open(int fd, int slots, int frameBytes, Counters counters)
            throws OsException {
        int slotBytes = TransmitSlots.slotBytes(frameBytes);
        NativeMemory region = NativeMemory.allocate(TransmitSlots.regionBytes(slots, slotBytes));
        try {
            TransmitSlots book = new TransmitSlots(region.buffer(), slots, slotBytes);
            NativeMemory messages = NativeMemory.allocate(MESSAGES + (long) slots * MESSAGE_BYTES);
            Transmitter transmitter = new Transmitter(fd, counters, book, region, messages);
            transmitter.prepare(slots);
            return transmitter;
        } catch (OsException e) {
            region.close();
            throw e;
        }
    }

    /** Writes what is the same for each send: message i has the pair of vectors number i. */
    private void prepare(int count) {
        fields.putLong(Long.BYTES, PAUSE_NS);
        vectors = MESSAGES + count * Sockets.MMSGHDR_BYTES;
        for (int i = 0; i < count; i++) {
            int message = MESSAGES + i * Sockets.MMSGHDR_BYTES;
            long pair = messages.address() + vectors + (long) i * VECTORS_BYTES;
            fields.putLong(message + Sockets.MSGHDR_IOV, pair);
        }
    }

    TransmitSlots slots() {
        return slots;
    }

    /** True once after a send failed in a way that a change of the interface explains. */
    boolean takeLinkSuspect() {
        boolean was = linkSuspect;
        linkSuspect = false;
        return was;
    }

    /** True once after a send found the link down. */
    boolean takeDown() {
        boolean was = downSeen;
        downSeen = false;
        return was;
    }

    /** Sends or drops all that is committed. */
    void flush() {
        int count = slots.committedCount();
        int gathered = 0;
        for (int i = 0; i < count; i++) {
            gathered += putVectors(i) ? 1 : 0;
        }
        if (gathered > 1) {
            prefetch(count);
        }
        int sent = send(count);
        counters.add(Counter.FRAMES_SENT, sent);
        counters.add(Counter.SEND_DROPS, count - sent - unreadable);
        slots.clearCommitted();
    }

    /** Those of slots that gather nothing have length 0. */
    private void prefetch(int count) {
        fields.putLong(PREFETCH_COUNT, count);
        long first = messages.address() + vectors + Sockets.IOVEC_BYTES;
        Prefetch.vectors(first, messages.address() + PREFETCH_COUNT, VECTORS_BYTES);
    }

    /** True when the slot gathers. */
    private boolean putVectors(int index) {
        int slot = vectors + index * VECTORS_BYTES;
        fields.putLong(slot, region.address() + slots.committedOffset(index));
        fields.putLong(slot + Sockets.IOVEC_LEN, slots.committedBytes(index));
        int gatherBytes = slots.gatherBytes(index);
        int rest = slot + Sockets.IOVEC_BYTES;
        fields.putLong(rest + Sockets.IOVEC_LEN, gatherBytes);
        fields.putLong(rest, slots.gatherAddress(index));
        int message = MESSAGES + index * Sockets.MMSGHDR_BYTES;
        fields.putLong(message + Sockets.MSGHDR_IOVLEN, gatherBytes > 0 ? 2 : 1);
        return gatherBytes > 0;
    }

    /** Returns how many of the first {@code count} messages were sent. */
    private int send(int count) {
        int sent = 0;
        int done = 0;
        int pauses = 0;
        unreadable = 0;
        boolean down = false;
        while (done < count) {
            long from = messages.address() + MESSAGES + (long) done * Sockets.MMSGHDR_BYTES;
            int result = Libc.sendmmsg(fd, from, count - done, Sockets.MSG_DONTWAIT);
            if (result > 0) {
                sent += result;
                done += result;
                continue;
            }
            switch (Libc.errno()) {
                case Errno.EINTR -> {}
                case Errno.EAGAIN, Errno.ENOBUFS, Errno.ENOMEM -> {
                    if (pauses++ == MAX_PAUSES) {
                        return sent;
                    }
                    Libc.ppoll(0, 0, messages.address(), 0);
                }
                case Errno.ENETDOWN -> { // may be left from before: the call that tells clears it
                    linkSuspect = true;
                    downSeen = true;
                    if (down) {
                        return sent;
                    }
                    down = true;
                }
                case Errno.EFAULT -> { // the file behind a gathered frame has shrunk
                    unreadable++;
                    slots.markUnreadable(done++);
                }
                default -> { // EMSGSIZE, EINVAL: this one only; ENXIO, ENODEV: see linkSuspect
                    linkSuspect = true;
                    done++;
                }
            }
        }
        return sent;
    }

    @Override
    public void close() {
        region.close();
        messages.close();
    }
}
