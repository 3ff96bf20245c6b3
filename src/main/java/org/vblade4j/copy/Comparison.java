// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.util.function.Consumer;
import org.vblade4j.store.BlockStore;

/** Stores nothing: compares what comes with what it should be, sector by sector. */
public final class Comparison implements Sink {
    /** Knows what should be there. */
    public interface Expected {
        /** For messages. */
        String name();

        /**
         * Gets ready for a chunk.
         *
         * @throws IOException what should be there cannot be read
         */
        default void prepare(long position, int bytes) throws IOException {}

        /** Whether the sector at {@code at} in the chunk, of so many bytes, is as it should be. */
        boolean matches(Chunk chunk, int at, int bytes);
    }

    private final Expected expected;
    private long badSectors;
    private long firstBad = -1;

    public Comparison(Expected expected) {
        this.expected = expected;
    }

    @Override
    public String name() {
        return expected.name();
    }

    /** Sectors that differ. */
    public long badSectors() {
        return badSectors;
    }

    /** The first of them, counted from where the copy begins, or -1. */
    public long firstBad() {
        return firstBad;
    }

    @Override
    public void write(Chunk chunk) {
        if (chunk.hole()) {
            chunk.fillWithZeros();
        }
        try {
            expected.prepare(chunk.position(), chunk.bytes());
        } catch (IOException e) {
            chunk.failed("cannot be read: " + e.getMessage());
            return;
        }
        for (int at = 0; at < chunk.bytes(); at += BlockStore.SECTOR_BYTES) {
            int bytes = Math.min(BlockStore.SECTOR_BYTES, chunk.bytes() - at);
            if (!expected.matches(chunk, at, bytes)) {
                long sector = (chunk.position() + at) / BlockStore.SECTOR_BYTES;
                badSectors++;
                firstBad = firstBad < 0 ? sector : Math.min(firstBad, sector);
            }
        }
        chunk.stored();
    }

    @Override
    public void flush(Consumer<String> done) {
        done.accept(null);
    }

    @Override
    public void close() {
        // What is expected is closed by its opener.
    }
}
