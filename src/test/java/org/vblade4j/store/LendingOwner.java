// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.net.ReturnedFrames;

/**
 * Uses a store as a target does: the data of a batch of writes lies in memory that is lent until
 * the batch ends and is overwritten then. Writes to the same sectors run in the order they were
 * asked for, so that some are submitted by listeners.
 */
final class LendingOwner {
    private static final int CELL_BYTES = 8192;
    private static final int CELLS = 64;

    private final BlockStore store;
    private final ByteBuffer frames = ByteBuffer.allocateDirect(CELLS * CELL_BYTES);
    private final DataLease lease = new DataLease();
    private final List<Write> unfinished = new ArrayList<>();
    private int used;

    /** Writes that a listener submitted while the store was being kicked. */
    int submittedInKick;

    private boolean kicking;

    LendingOwner(BlockStore store) {
        this.store = store;
    }

    private final class Write {
        final StoreRequest request = new StoreRequest(done -> finished());
        final long lba; // a window moves the request's own
        final int sectors;
        boolean submitted;

        Write(long lba, int sectors) {
            this.lba = lba;
            this.sectors = sectors;
        }

        private void finished() {
            unfinished.remove(this);
            submitReady();
        }

        boolean overlaps(Write other) {
            return lba < other.lba + other.sectors && other.lba < lba + sectors;
        }
    }

    boolean full() {
        return used == CELLS;
    }

    boolean idle() {
        return unfinished.isEmpty();
    }

    void write(long lba, byte[] data) {
        Write write = new Write(lba, data.length / BlockStore.SECTOR_BYTES);
        int cell = used++ * CELL_BYTES;
        frames.put(cell, data);
        write.request.write(lba, write.sectors, frames, cell);
        if (store.traits().takesDataByKick()) {
            write.request.lend(lease);
        } else {
            keep(write);
        }
        unfinished.add(write);
        submitReady();
    }

    private static void keep(Write write) {
        write.request.keepData(ByteBuffer.allocateDirect(write.request.bytes()), 0);
    }

    /** Listeners come back here. */
    private void submitReady() {
        for (Write write : List.copyOf(unfinished)) {
            if (!write.submitted && unfinished.contains(write) && isFirst(write)) {
                write.submitted = true;
                submittedInKick += kicking ? 1 : 0;
                store.submit(write.request);
            }
        }
    }

    private boolean isFirst(Write write) {
        for (Write earlier : unfinished) {
            if (earlier == write) {
                return true;
            }
            if (earlier.overlaps(write)) {
                return false;
            }
        }
        throw new IllegalStateException("finished already");
    }

    /** The memory is given back, as after each batch of frames. */
    void endBatch() {
        kicking = true;
        store.kick();
        kicking = false;
        for (Write write : unfinished) {
            if (!write.submitted && write.request.lent()) {
                keep(write);
            }
        }
        lease.end();
        ReturnedFrames.overwrite(frames, 0, used * CELL_BYTES);
        used = 0;
    }
}
