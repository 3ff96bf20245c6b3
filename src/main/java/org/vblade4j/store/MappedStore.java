// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Answers reads in place (see {@link StoreRequest#completeInPlace}) from the page cache, where the
 * pages are known to be in memory. Leaves everything else to the store behind it, which must use
 * the same page cache. A mapping shows every write to the file at once, so nothing can be stale.
 *
 * <p>Nothing is ever written to the mapping. A page's first write after it was cleaned is a fault
 * that asks the file system, with the lock of the whole address space held: while one disk hangs
 * the JVM could neither start a thread nor allocate memory, and every export would hang with it.
 */
final class MappedStore extends FilterStore {
    /** After so many requests in a row that were not in memory only one in as many is looked up. */
    private static final int COLD_RUN = 32;

    /** Of a disk whose bytes can be counted. */
    private static final long MAX_SECTORS = Long.MAX_VALUE / SECTOR_BYTES;

    private final PageCacheMap map;

    /** Null where nothing is written. */
    private final SmallFolios folios;

    private int misses;
    private boolean ticked;
    private boolean lent;
    private final ReadLease.Lender lender =
            new ReadLease.Lender() {
                @Override
                public void lent() {
                    lent = true;
                }

                @Override
                public boolean stillValid() {
                    return map.stillWhole();
                }

                @Override
                public void unreadable() {
                    map.forget();
                }

                @Override
                public void returned() {
                    lent = false;
                }
            };

    private MappedStore(BlockStore next, PageCacheMap map, LongSupplier clockNs) {
        super(next);
        this.map = map;
        folios = next.traits().readOnly() ? null : new SmallFolios(map, clockNs);
    }

    /** Takes over {@code next}; it is the answer itself when the page cache cannot be used. */
    static BlockStore over(BlockStore next, Path path, Platform platform) {
        PageCacheMap map = PageCacheMap.open(path, platform);
        return map == null ? next : new MappedStore(next, map, platform.clockNs());
    }

    @Override
    public void submit(StoreRequest request) {
        if (request.op() == StoreRequest.Op.WRITE) {
            splitBefore(request);
        }
        boolean mayAnswer = request.op() == StoreRequest.Op.READ && request.mayAnswerInPlace();
        if (!mayAnswer || !answer(request)) {
            next.submit(request);
        }
    }

    private boolean answer(StoreRequest request) {
        long address = find(request);
        if (address == 0) {
            return false;
        }
        request.completeInPlace(address, lender);
        return true;
    }

    private void splitBefore(StoreRequest request) {
        if (folios != null && request.within(MAX_SECTORS)) {
            tick();
            folios.beforeWrite(request.lba() * SECTOR_BYTES);
        }
    }

    private long find(StoreRequest request) {
        if (!request.within(MAX_SECTORS)) {
            return 0;
        }
        if (misses >= COLD_RUN && misses % COLD_RUN != 0) {
            misses++;
            return 0;
        }
        tick();
        long address = map.find(request.lba() * SECTOR_BYTES, request.bytes());
        misses = address == 0 ? misses + 1 : 0;
        return address;
    }

    private void tick() {
        if (ticked) {
            return;
        }
        ticked = true;
        map.tick();
        if (folios != null) {
            folios.tick();
        }
        if (!lent) {
            map.grow();
        }
    }

    @Override
    public void kick() {
        ticked = false;
        next.kick();
    }

    @Override
    public void close() throws IOException {
        map.close();
        next.close();
    }
}
