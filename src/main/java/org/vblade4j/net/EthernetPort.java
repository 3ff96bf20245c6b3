// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.nio.ByteBuffer;

/**
 * Moves Ethernet frames between one interface and one worker. Confined to the thread that uses it,
 * except {@link #wakeUp}. Nothing here knows AoE beyond the kernel filter chosen when the port was
 * opened ({@link PortOptions}).
 *
 * <p>Receiving lends frames to a handler; sending goes through <em>slots</em>, fixed pieces of one
 * big-endian buffer: {@link #claim} one, fill it, {@link #commit} it, and {@link #flush} sends all
 * that were committed since with as few system calls as the port can. A claimed slot may be held
 * for as long as a request is in progress; a lent frame only until the end of its batch.
 */
public interface EthernetPort extends AutoCloseable {
    /** The hardware address frames are sent from, see {@link org.vblade4j.wire.Mac}. */
    long mac();

    /**
     * The interface's MTU now, without the 14 bytes of Ethernet header; follows changes, but stays
     * within what slots and receive ring were made for when the port was opened.
     */
    int mtuBytes();

    /**
     * True when the interface's MTU has grown beyond what this port was opened for, so that only a
     * port opened anew can use all of it.
     */
    boolean outgrown();

    /**
     * Lends at most {@code limit} waiting frames to {@code handler}, oldest first; never blocks.
     * The frames of one call are a batch, which ends with {@link FrameHandler#batchEnd}.
     *
     * @return the number of frames lent
     * @throws PortException the interface is gone or the socket failed: the port is of no more use
     */
    int receive(FrameHandler handler, int limit) throws PortException;

    /**
     * How many frames wait at least, when it is half of what the port can keep; else 0. Costs next
     * to nothing.
     */
    default int backlogFrames() {
        return 0;
    }

    /**
     * A free slot's number, counted from 0 without gaps, or -1 when all are taken: drop the
     * request, the initiator resends.
     */
    int claim();

    /** The buffer that all slots lie in; big-endian, one for the life of the port. */
    ByteBuffer slots();

    /**
     * Where the slot's frame starts in {@link #slots}. Byte 36 of the frame, where ATA data starts,
     * is aligned to 4096 bytes in memory.
     */
    int slotOffset(int slot);

    /** Bytes a slot can hold: at least the largest frame of the MTU the port was opened with. */
    int slotBytes();

    /** Queues a claimed slot for {@link #flush}; the slot is free again when it was sent. */
    void commit(int slot, int lengthBytes);

    /** Whether {@link #commitGathered} may be used; fixed for the life of the port. */
    default boolean gathers() {
        return false;
    }

    /**
     * As {@link #commit}, for a frame whose end lies elsewhere in memory and is read from there
     * when the frame is sent. If that memory cannot be read, the frame is not sent, and {@link
     * #takeUnreadable} tells.
     *
     * @param headerBytes what the slot holds of the frame
     * @param address where the rest lies, in the process's address space
     */
    default void commitGathered(int slot, int headerBytes, long address, int dataBytes) {
        throw new UnsupportedOperationException("this port does not gather");
    }

    /**
     * As {@link #commitGathered(int, int, long, int)}, from the memory of a direct buffer, which
     * must stay as it is until the frame is sent. Costs least when it is the same buffer again.
     */
    default void commitGathered(
            int slot, int headerBytes, ByteBuffer data, int offset, int dataBytes) {
        throw new UnsupportedOperationException("this port does not gather");
    }

    /**
     * After a flush: a slot whose gathered data could not be read, which is claimed again; -1 when
     * there is none (left).
     */
    default int takeUnreadable() {
        return -1;
    }

    /** Gives back a claimed slot unsent. */
    void release(int slot);

    /**
     * Sends what was committed, in order. Frames that the interface refuses for now (no buffers,
     * link down, too long for a lowered MTU) are dropped and counted, as a busy network would.
     *
     * @throws PortException as for {@link #receive}
     */
    void flush() throws PortException;

    /**
     * Blocks until a frame waits, {@link #wakeUp} was called (also before this call), or the
     * timeout has passed.
     *
     * @param timeoutNs nanoseconds; negative for no limit
     * @throws PortException as for {@link #receive}
     */
    void await(long timeoutNs) throws PortException;

    /**
     * Has {@link #await} return also while this descriptor polls readable; there can be one, and it
     * must stay open for as long as the port is used.
     *
     * @param fd the descriptor, or -1 for none
     * @return false when the port cannot do that: look from time to time
     */
    boolean watch(int fd);

    /**
     * A file descriptor that polls readable while a frame waits, for those who wait for several
     * ports at once; -1 where there is none.
     */
    default int descriptor() {
        return -1;
    }

    /** Any thread: makes the current or the next {@link #await} return. */
    void wakeUp();

    /**
     * By the confining thread, or by another once that one has ended; a second call is harmless.
     * {@link #receive}, {@link #claim}, {@link #flush} and {@link #await} then throw
     * IllegalStateException.
     */
    @Override
    void close();
}
