// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.vblade4j.sys.OsException;

/**
 * Answers reads in place (see {@link StoreRequest#completeInPlace}) from the page cache, and makes
 * writes in it (see {@link MappedWrites}), where the pages are known to be in memory. Leaves
 * everything else to the store behind it, which must use the same page cache. A mapping shows every
 * write to the file at once, so nothing can be stale.
 */
final class MappedStore implements BlockStore {
    /** After so many requests in a row that were not in memory only one in as many is looked up. */
    private static final int COLD_RUN = 32;

    /** Of a disk whose bytes can be counted. */
    private static final long MAX_SECTORS = Long.MAX_VALUE / SECTOR_BYTES;

    private final BlockStore next;
    private final PageCacheMap map;

    /** Null where writes go another way: read-only, or each is to be on the medium. */
    private final MappedWrites writes;

    /** Null where no write is to be on the medium. */
    private final SmallFolios folios;

    private int misses;
    private boolean ticked;
    private boolean handedOut;
    private boolean kicking;

    private MappedStore(
            BlockStore next, PageCacheMap map, MappedWrites writes, LongSupplier clockNs) {
        this.next = next;
        this.map = map;
        this.writes = writes;
        boolean durable = next.traits().durableWrites() && !next.traits().readOnly();
        folios = durable ? new SmallFolios(map, clockNs) : null;
    }

    /** Takes over {@code next}; it is the answer itself when the page cache cannot be used. */
    static BlockStore over(BlockStore next, Path path, Platform platform) {
        StoreTraits traits = next.traits();
        boolean writable = !traits.readOnly() && !traits.durableWrites();
        PageCacheMap map = PageCacheMap.open(path, writable, platform);
        if (map == null) {
            return next;
        }
        try {
            MappedWrites writes = writable ? new MappedWrites(map, next, platform.calls()) : null;
            return new MappedStore(next, map, writes, platform.clockNs());
        } catch (OsException e) {
            map.close();
            return next;
        }
    }

    @Override
    public void submit(StoreRequest request) {
        boolean done =
                switch (request.op()) {
                    case READ -> request.mayAnswerInPlace() && answer(request);
                    case WRITE -> write(request);
                    case FLUSH -> false;
                };
        if (!done) {
            next.submit(request);
        }
    }

    private boolean answer(StoreRequest request) {
        long address = find(request);
        if (address == 0) {
            return false;
        }
        handedOut = true;
        request.completeInPlace(address);
        return true;
    }

    private boolean write(StoreRequest request) {
        if (folios != null && request.within(MAX_SECTORS)) {
            tick();
            folios.beforeWrite(request.lba() * SECTOR_BYTES);
        }
        if (writes == null || !writes.mayTake(request)) {
            return false;
        }
        long address = find(request);
        if (address == 0) {
            return false;
        }
        writes.add(request, address);
        return true;
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
        if (!handedOut && (writes == null || writes.isEmpty())) {
            map.grow();
        }
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
    public boolean absent() {
        return next.absent();
    }

    @Override
    public StoreTraits traits() {
        return next.traits();
    }

    /**
     * Listeners of the store behind submit writes that are to be made here, and those of writes
     * made here submit to the store behind: it ends when neither has anything left.
     */
    @Override
    public void kick() {
        if (kicking) {
            return; // a listener's; the outer one goes on with what it submitted
        }
        kicking = true;
        ticked = false;
        do {
            if (writes != null) {
                writes.make();
            }
            next.kick();
        } while (writes != null && !writes.isEmpty());
        kicking = false;
    }

    @Override
    public int readyFd() {
        return next.readyFd();
    }

    @Override
    public int poll() {
        int made = writes == null ? 0 : writes.takeCompleted();
        return made + next.poll();
    }

    @Override
    public void close() throws IOException {
        map.close();
        if (writes != null) {
            writes.close();
        }
        next.close();
    }
}
