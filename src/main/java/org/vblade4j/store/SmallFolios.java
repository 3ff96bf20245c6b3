// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Has the page cache keep small what writes go to. A file that was read ahead may lie there in
 * folios of up to 2 MiB. A file system with buffer heads (ext4) walks all 512 of a folio when one
 * block of it is written: 16 us for a write(2) of 1 KiB, 2 us in folios of a page. It walks them
 * again when the folio is written back: with its share of an fdatasync such a write costs 55 us,
 * and 7 us.
 *
 * <p>So before the first write to a part of the file one page of it is called cold by madvise(2).
 * That is true enough, since nobody is about to read it here, and to tell one page from its
 * neighbours the kernel splits a large folio. Where folios are small that is two calls for nothing.
 * Reading ahead may make large ones again, and one that is being written back cannot be split, so
 * each part's turn comes anew after {@value #LIFETIME_S} s.
 */
final class SmallFolios {
    /** A folio that reading ahead makes is rarely smaller than one and larger than the other. */
    private static final int PART_SHIFT = 17;

    private static final int REGION_SHIFT = 21;
    private static final int REGION_PARTS = 1 << (REGION_SHIFT - PART_SHIFT);
    private static final int LIFETIME_S = 60;
    private static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(LIFETIME_S);

    /** Covers 8 GiB before regions get in each other's way, which costs only calls. */
    private static final int ENTRIES = 4096;

    private final PageCacheMap map;
    private final LongSupplier clockNs;

    /** The number of a region and one, and a bit for each of its parts that had its turn. */
    private final long[] entries = new long[ENTRIES];

    private long forgottenNs;

    /**
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     */
    SmallFolios(PageCacheMap map, LongSupplier clockNs) {
        this.map = map;
        this.clockNs = clockNs;
        forgottenNs = clockNs.getAsLong();
    }

    /** To be called now and then, at least every few requests. */
    void tick() {
        long nowNs = clockNs.getAsLong();
        if (nowNs - forgottenNs > LIFETIME_NS) {
            forgottenNs = nowNs;
            Arrays.fill(entries, 0);
        }
    }

    /** To be called before a write to this byte of the file. */
    void beforeWrite(long at) {
        long region = (at >> REGION_SHIFT) + 1;
        int entry = (int) region & (ENTRIES - 1);
        long turns =
                entries[entry] >> REGION_PARTS == region ? entries[entry] : region << REGION_PARTS;
        long turn = 1L << (at >> PART_SHIFT & (REGION_PARTS - 1));
        if ((turns & turn) == 0) {
            // What is in no memory will come in a small folio: it is not read ahead for a write.
            long address = map.find(at, 1);
            if (address != 0) {
                map.split(address);
                entries[entry] = turns | turn;
            }
        }
    }
}
