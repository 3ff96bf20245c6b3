// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Answers reads in place (see {@link StoreRequest#completeInPlace}) from the page cache where the
 * pages are known to be in memory, and leaves everything else to the store behind it, which must
 * use the same page cache. A mapping shows every write to the file at once, so nothing can be
 * stale.
 */
final class MappedReads implements BlockStore {
    /** After so many reads in a row that were not in memory only one in as many is looked up. */
    private static final int COLD_RUN = 32;

    private final BlockStore next;
    private final PageCacheMap map;
    private int misses;
    private boolean ticked;
    private boolean handedOut;

    private MappedReads(BlockStore next, PageCacheMap map) {
        this.next = next;
        this.map = map;
    }

    /** Takes over {@code next}; it is the answer itself when the page cache cannot be used. */
    static BlockStore over(BlockStore next, Path path) {
        PageCacheMap map = PageCacheMap.open(path);
        return map == null ? next : new MappedReads(next, map);
    }

    @Override
    public void submit(StoreRequest request) {
        long address = request.mayAnswerInPlace() ? find(request) : 0;
        if (address != 0) {
            handedOut = true;
            request.completeInPlace(address);
        } else {
            next.submit(request);
        }
    }

    private long find(StoreRequest request) {
        if (misses >= COLD_RUN && misses % COLD_RUN != 0) {
            misses++;
            return 0;
        }
        if (!ticked) {
            ticked = true;
            map.tick();
            if (!handedOut) {
                map.grow();
            }
        }
        long address = map.find(request.lba() * SECTOR_BYTES, request.bytes());
        misses = address == 0 ? misses + 1 : 0;
        return address;
    }

    @Override
    public boolean inPlaceValid() {
        handedOut = false;
        return map.stillWhole() && next.inPlaceValid();
    }

    @Override
    public void inPlaceFailed() {
        map.forget();
        next.inPlaceFailed();
    }

    @Override
    public long sectors() {
        return next.sectors();
    }

    @Override
    public StoreTraits traits() {
        return next.traits();
    }

    @Override
    public boolean takesDataByKick() {
        return next.takesDataByKick();
    }

    @Override
    public void kick() {
        ticked = false;
        next.kick();
    }

    @Override
    public int readyFd() {
        return next.readyFd();
    }

    @Override
    public int poll() {
        return next.poll();
    }

    @Override
    public void close() throws IOException {
        map.close();
        next.close();
    }
}
