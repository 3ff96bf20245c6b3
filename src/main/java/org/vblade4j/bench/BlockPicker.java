// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

/** Chooses the next block, never one that is {@link #isBusy busy} when that matters. */
final class BlockPicker {
    private final long blocks;
    private final boolean sequential;
    private final boolean avoidOverlap;
    private final long[] busy;
    private long random;
    private long next;

    /**
     * @param avoidOverlap requests on one block at the same time have no defined outcome once one
     *     of them writes
     */
    BlockPicker(LoadPlan plan, boolean avoidOverlap) {
        blocks = plan.blocks();
        sequential = plan.sequential();
        this.avoidOverlap = avoidOverlap;
        busy = new long[plan.depth()];
        java.util.Arrays.fill(busy, -1);
        random = plan.seed() * 0x9e37_79b9_7f4a_7c15L | 1;
    }

    /** A block for the request with this index, counted from the range's start. */
    long pick(int index) {
        long block = candidate();
        while (avoidOverlap && isBusy(block)) {
            block = candidate();
        }
        busy[index] = block;
        return block;
    }

    void done(int index) {
        busy[index] = -1;
    }

    /** A percentage for the choice between reading and writing. */
    int percent() {
        return (int) ((step() >>> 33) % 100);
    }

    private boolean isBusy(long block) {
        for (long taken : busy) {
            if (taken == block) {
                return true;
            }
        }
        return false;
    }

    private long candidate() {
        if (sequential) {
            long block = next;
            next = next + 1 == blocks ? 0 : next + 1;
            return block;
        }
        return Math.floorMod(step() >>> 1, blocks);
    }

    /** xorshift64*: no allocation, and fast enough not to be measured. */
    private long step() {
        random ^= random >>> 12;
        random ^= random << 25;
        random ^= random >>> 27;
        return random * 0x2545_f491_4f6c_dd1dL;
    }
}
