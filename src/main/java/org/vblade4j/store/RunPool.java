// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.function.IntFunction;

/**
 * The runs of a store: as many as operations may be in progress, and which of them write where.
 *
 * <p>Two writes of parts of one block must not run together, though they share no sector: each
 * writes the whole block, with what it read of the other's part. {@link #conflicts} tells. A run
 * keeps the size of its blocks until the kernel refuses it; it waits here before it goes on in
 * larger ones, when another writes to those.
 */
final class RunPool {
    /** For writes that end at once, however many operations are in progress. */
    static final int RESERVED = 4;

    private final Run[] free;
    private final Run[] writing;
    private final Run[] enlarged;
    private final DirectBlocks blocks;
    private final IntFunction<Run> maker;
    private int made;
    private int freeCount;
    private int writingCount;
    private int enlargedCount;

    /**
     * @param blocks null through the page cache, where the kernel takes care of parts of blocks
     * @param maker makes a run, given a number of its own below {@link #size}; a quiet disk never
     *     needs most of them
     */
    RunPool(int depth, DirectBlocks blocks, IntFunction<Run> maker) {
        free = new Run[size(depth)];
        writing = new Run[size(depth)];
        enlarged = new Run[size(depth)];
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
        run.blockBytes = blockBytes();
        run.begin(request);
        if (write) {
            writing[writingCount++] = run;
        }
        return run;
    }

    private int blockBytes() {
        return blocks == null ? 1 : blocks.bytes();
    }

    /**
     * Whether the request would write to a block that a run other than {@code own} writes to; in
     * blocks of {@code own}'s size, without one in those that it would begin in.
     */
    boolean conflicts(StoreRequest request, Run own) {
        if (blocks == null || !blocks.shared() || request.op() != StoreRequest.Op.WRITE) {
            return false;
        }
        int blockBytes = own == null ? blocks.bytes() : own.blockBytes;
        long start = request.lba() * BlockStore.SECTOR_BYTES & -blockBytes;
        long endByte = (request.lba() + request.sectors()) * BlockStore.SECTOR_BYTES;
        long end = (endByte + blockBytes - 1) & -blockBytes;
        for (int i = 0; i < writingCount; i++) {
            if (writing[i] != own && writing[i].touches(start, end)) {
                return true;
            }
        }
        for (int i = 0; i < enlargedCount; i++) {
            if (enlarged[i].writes() && enlarged[i].touches(start, end)) {
                return true; // it would wait for ever if others went first
            }
        }
        return false;
    }

    void free(Run run) {
        stopsWriting(run);
        free[freeCount++] = run;
    }

    private void stopsWriting(Run run) {
        for (int i = 0; i < writingCount; i++) {
            if (writing[i] == run) {
                writing[i] = writing[--writingCount];
                writing[writingCount] = null;
                return;
            }
        }
    }

    /**
     * Keeps a run that the kernel refused, in larger blocks, for {@link #takeEnlarged}.
     *
     * @return false when there are none
     */
    boolean enlarge(Run run) {
        int larger = blocks.after(run.blockBytes);
        if (larger == 0) {
            return false;
        }
        stopsWriting(run);
        run.blockBytes = larger;
        enlarged[enlargedCount++] = run;
        return true;
    }

    /** The first enlarged run that no other keeps from starting; null when there is none. */
    Run takeEnlarged() {
        for (int i = 0; i < enlargedCount; i++) {
            Run run = enlarged[i];
            if (!run.writes()) {
                removeEnlarged(i);
                return run;
            }
            if (isClear(run)) {
                removeEnlarged(i);
                writing[writingCount++] = run;
                return run;
            }
        }
        return null;
    }

    private boolean isClear(Run run) {
        for (int i = 0; i < writingCount; i++) {
            if (writing[i].touches(run)) {
                return false;
            }
        }
        return true;
    }

    private void removeEnlarged(int index) {
        enlargedCount--;
        System.arraycopy(enlarged, index + 1, enlarged, index, enlargedCount - index);
        enlarged[enlargedCount] = null;
    }

    /** The caller has no run in progress. */
    void releaseMemory() {
        for (int i = 0; i < freeCount; i++) {
            free[i].releaseMemory();
        }
        for (int i = 0; i < enlargedCount; i++) {
            enlarged[i].releaseMemory();
        }
    }
}
