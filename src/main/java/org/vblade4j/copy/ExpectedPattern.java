// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.store.BlockStore;

/** What a {@link PatternSource} gives. */
public final class ExpectedPattern implements Comparison.Expected {
    private final SectorPattern pattern;
    private final long firstLba;

    /**
     * @param firstLba the sector at position 0
     */
    public ExpectedPattern(SectorPattern pattern, long firstLba) {
        this.pattern = pattern;
        this.firstLba = firstLba;
    }

    @Override
    public String name() {
        return "the pattern";
    }

    @Override
    public boolean matches(Chunk chunk, int at, int bytes) {
        long lba = firstLba + (chunk.position() + at) / BlockStore.SECTOR_BYTES;
        return pattern.matches(chunk.buffer(), at, lba);
    }
}
