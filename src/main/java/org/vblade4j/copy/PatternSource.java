// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.store.BlockStore;

/** Sectors that tell their place, without end. */
public final class PatternSource implements Source {
    private final SectorPattern pattern;
    private final long firstLba;

    /**
     * @param firstLba the sector at position 0
     */
    public PatternSource(SectorPattern pattern, long firstLba) {
        this.pattern = pattern;
        this.firstLba = firstLba;
    }

    @Override
    public String name() {
        return "the pattern";
    }

    @Override
    public long bytes() {
        return -1;
    }

    @Override
    public void read(Chunk chunk) {
        long lba = firstLba + chunk.position() / BlockStore.SECTOR_BYTES;
        for (int at = 0; at < chunk.bytes(); at += BlockStore.SECTOR_BYTES) {
            pattern.put(chunk.buffer(), at, lba++);
        }
        chunk.filled(chunk.bytes());
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
