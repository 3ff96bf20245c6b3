// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * A piece of memory that requests' data lie in. Who finds no room waits, first come first served.
 * Any thread.
 */
final class Slab {
    static final int GRANULE_BYTES = 1 << 16;

    private final ByteBuffer buffer;
    private final BitSet taken = new BitSet();
    private final int granules;
    private long nextTicket;
    private long served;
    private boolean closed;

    /** Uses as many whole granules as the buffer has. */
    Slab(ByteBuffer buffer) {
        this.buffer = buffer;
        granules = buffer.capacity() / GRANULE_BYTES;
    }

    /** All of it, for absolute access; position and limit are the store's. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** A view with a position and a limit of its own, for one thread. */
    ByteBuffer view() {
        return buffer.duplicate();
    }

    private static int count(int bytes) {
        return (bytes + GRANULE_BYTES - 1) / GRANULE_BYTES;
    }

    /**
     * Waits for room.
     *
     * @return where it lies, or -1 when the slab was closed
     * @throws IllegalArgumentException there can never be so much room: nobody would ever be served
     *     again
     */
    synchronized int acquire(int bytes) throws InterruptedException {
        if (bytes <= 0 || bytes > granules * GRANULE_BYTES) {
            throw new IllegalArgumentException(
                    "room for " + bytes + " bytes, expected 1 to " + granules * GRANULE_BYTES);
        }
        long ticket = nextTicket++;
        int need = count(bytes);
        int at = -1;
        while (!closed && (ticket != served || (at = find(need)) < 0)) {
            wait();
        }
        served++;
        notifyAll();
        if (closed) {
            return -1;
        }
        taken.set(at, at + need);
        return at * GRANULE_BYTES;
    }

    private int find(int need) {
        int from = taken.nextClearBit(0);
        while (from + need <= granules) {
            int next = taken.nextSetBit(from);
            if (next < 0 || next >= from + need) {
                return from;
            }
            from = taken.nextClearBit(next);
        }
        return -1;
    }

    synchronized void release(int at, int bytes) {
        int first = at / GRANULE_BYTES;
        taken.clear(first, first + count(bytes));
        notifyAll();
    }

    /** Nobody waits any more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
