// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * The runs of a store: as many as operations may be in progress, and which of them write where.
 *
 * <p>Two writes of parts of one block must not run together, though they share no sector: each
 * writes the whole block, with what it read of the other's part. {@link #conflicts} tells.
 */
final class RunPool {
    /** For writes that end at once, however many operations are in progress. */
    static final int RESERVED = 4;

    private final Run[] free;
    private final Run[] writing;
    private final DirectBlocks blocks;
    private final IntFunction<Run> maker;
    private int made;
    private int freeCount;
    private int writingCount;
    private StoreRequest[] returned = new StoreRequest[Run.MAX_REQUESTS];
    private int returnedCount;

    /**
     * @param blocks null through the page cache, where the kernel takes care of parts of blocks
     * @param maker makes a run, given a number of its own below {@link #size}; a quiet disk never
     *     needs most of them
     */
    RunPool(int depth, DirectBlocks blocks, IntFunction<Run> maker) {
        free = new Run[size(depth)];
        writing = new Run[size(depth)];
        this.blocks = blocks;
        this.maker = maker;
    }

    /** How many runs there can be for operations of this depth. */
    static int size(int depth) {
        return depth + RESERVED;
    }

    /** A run that begins with the request, or null when it has to wait. */
    Run begin(StoreRequest request) {
        boolean write = request.op() == StoreRequest.Op.WRITE;
        boolean atOnce = write && blocks == null;
        int left = freeCount + free.length - made;
        if (left <= (atOnce ? 0 : RESERVED) || conflicts(request, null)) {
            return null;
        }
        Run run = freeCount > 0 ? free[--freeCount] : maker.apply(made++);
        run.begin(request);
        if (write) {
            writing[writingCount++] = run;
        }
        return run;
    }

    /** Whether the request would write to a block that a run other than {@code own} writes to. */
    boolean conflicts(StoreRequest request, Run own) {
        if (blocks == null || !blocks.shared() || request.op() != StoreRequest.Op.WRITE) {
            return false;
        }
        long start = blocks.roundDown(request.lba() * BlockStore.SECTOR_BYTES);
        long end = blocks.roundUp((request.lba() + request.sectors()) * BlockStore.SECTOR_BYTES);
        for (int i = 0; i < writingCount; i++) {
            Run run = writing[i];
            if (run != own
                    && start < blocks.roundUp(run.endByte())
                    && blocks.roundDown(run.startByte()) < end) {
                return true;
            }
        }
        return false;
    }

    void free(Run run) {
        for (int i = 0; i < writingCount; i++) {
            if (writing[i] == run) {
                writing[i] = writing[--writingCount];
                writing[writingCount] = null;
                break;
            }
        }
        free[freeCount++] = run;
    }

    /** Frees a run and keeps its requests that are not done, to be begun anew. */
    void putBack(Run run) {
        run.all();
        for (StoreRequest one = run.takeDone(); one != null; one = run.takeDone()) {
            if (returnedCount == returned.length) {
                returned = Arrays.copyOf(returned, 2 * returnedCount);
            }
            returned[returnedCount++] = one;
        }
        free(run);
    }

    /** A request that was put back; null when there is none. */
    StoreRequest takeReturned() {
        return returnedCount == 0 ? null : returned[--returnedCount];
    }

    /** The caller has no run in progress. */
    void releaseMemory() {
        for (int i = 0; i < freeCount; i++) {
            free[i].releaseMemory();
        }
    }
}
