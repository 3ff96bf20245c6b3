// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Where the data of requests lie. Each client has memory of its own, for as many requests as fill
 * it, so that one who stops in the middle of a request holds up himself; the first few have more of
 * it than the others. Any thread.
 */
final class Memory {
    /** For the longest request that clients are asked for, with the sectors that its edges need. */
    static final int REQUEST_BYTES = NbdExport.ASKED_BLOCK_BYTES + Slab.GRANULE_BYTES;

    private static final int LEAST_BYTES = 2 * REQUEST_BYTES;

    /** What fast clients, which are few, have under way. */
    private static final int MUCH_BYTES = 16 * REQUEST_BYTES;

    /** With 64 clients the whole is 196 MiB. */
    private static final int CLIENTS_WITH_MUCH = 4;

    private final ArrayDeque<ByteBuffer> much = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> least = new ArrayDeque<>();
    private int muchLent;
    private int leastLent;

    /**
     * For one client, until {@link #giveBack}. Waits while as many have some as there may be
     * clients: one that was dropped may not have ended yet.
     */
    synchronized Slab take() throws InterruptedException {
        while (muchLent == CLIENTS_WITH_MUCH
                && leastLent == Places.MAX_CLIENTS - CLIENTS_WITH_MUCH) {
            wait();
        }
        Slab slab;
        if (muchLent < CLIENTS_WITH_MUCH) {
            slab = new Slab(allocated(much.poll(), MUCH_BYTES));
            muchLent++;
        } else {
            slab = new Slab(allocated(least.poll(), LEAST_BYTES));
            leastLent++;
        }
        return slab;
    }

    private static ByteBuffer allocated(ByteBuffer free, int bytes) {
        return free == null ? ByteBuffer.allocateDirect(bytes) : free;
    }

    /** When nothing lies in it any more. */
    synchronized void giveBack(Slab slab) {
        if (slab.buffer().capacity() == MUCH_BYTES) {
            muchLent--;
            much.push(slab.buffer());
        } else {
            leastLent--;
            least.push(slab.buffer());
        }
        notifyAll();
    }
}
