// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Where the data of requests lie. Each client has memory of its own, for as many requests as fill
 * it, so that one who stops in the middle of a request holds up himself; the first few have more of
 * it than the others. Requests longer than the server asks for share one piece, one after the
 * other; they are served because the protocol wants it. Any thread.
 */
final class Memory {
    /** The longest request that a client's own memory is for. */
    static final int OWN_REQUEST_BYTES = NbdExport.ASKED_BLOCK_BYTES + Slab.GRANULE_BYTES;

    /** Of the memory for longer ones. */
    static final int LONG_BYTES = NbdExport.MAX_BLOCK_BYTES + Slab.GRANULE_BYTES;

    private static final int LEAST_BYTES = 2 * OWN_REQUEST_BYTES;

    /** What fast clients, which are few, have under way. */
    private static final int MUCH_BYTES = 16 * OWN_REQUEST_BYTES;

    /** With 64 clients the whole is 230 MiB. */
    private static final int CLIENTS_WITH_MUCH = 4;

    private final ArrayDeque<ByteBuffer> much = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> least = new ArrayDeque<>();
    private int clientsWithMuch;
    private Slab longRequests;
    private boolean closed;

    /** For one client, until {@link #giveBack}. */
    synchronized Slab take() {
        if (clientsWithMuch < CLIENTS_WITH_MUCH) {
            clientsWithMuch++;
            return new Slab(allocated(much.poll(), MUCH_BYTES));
        }
        return new Slab(allocated(least.poll(), LEAST_BYTES));
    }

    private static ByteBuffer allocated(ByteBuffer free, int bytes) {
        return free == null ? ByteBuffer.allocateDirect(bytes) : free;
    }

    /** When nothing lies in it any more. */
    synchronized void giveBack(Slab slab) {
        if (slab.buffer().capacity() == MUCH_BYTES) {
            clientsWithMuch--;
            much.push(slab.buffer());
        } else {
            least.push(slab.buffer());
        }
    }

    /** All clients' for what is longer than {@link #OWN_REQUEST_BYTES}. */
    synchronized Slab forLongRequests() {
        if (longRequests == null) {
            longRequests = new Slab(ByteBuffer.allocateDirect(LONG_BYTES));
            if (closed) {
                longRequests.close();
            }
        }
        return longRequests;
    }

    /** Nobody waits for room any more. */
    synchronized void close() {
        closed = true;
        if (longRequests != null) {
            longRequests.close();
        }
    }
}
