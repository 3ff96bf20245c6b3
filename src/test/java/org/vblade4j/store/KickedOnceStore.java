// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.file.Path;
import org.vblade4j.sys.OsException;

/**
 * A defect to be found: {@link MappedStore} as it would be if {@link #kick} made its own writes,
 * kicked the store behind it, and left what listeners have submitted meanwhile for the next time.
 * Of those, too, it says that it has taken the data.
 */
final class KickedOnceStore implements BlockStore {
    private final FileStore next;
    private final PageCacheMap map;
    private final MappedWrites writes;

    private KickedOnceStore(FileStore next, PageCacheMap map, MappedWrites writes) {
        this.next = next;
        this.map = map;
        this.writes = writes;
    }

    static BlockStore over(FileStore next, Path path, Platform platform) throws OsException {
        PageCacheMap map = PageCacheMap.open(path, true, platform);
        return map == null
                ? next
                : new KickedOnceStore(next, map, new MappedWrites(map, next, platform.calls()));
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

    @Override
    public void submit(StoreRequest request) {
        boolean mapped =
                request.op() == StoreRequest.Op.WRITE
                        && writes.mayTake(request)
                        && map.find(request.lba() * SECTOR_BYTES, request.bytes()) != 0;
        if (mapped) {
            request.dataTaken(); // it will be, is what it says
            writes.add(request, map.find(request.lba() * SECTOR_BYTES, request.bytes()));
        } else {
            next.submit(request);
        }
    }

    @Override
    public void kick() {
        map.tick();
        writes.make();
        next.kick();
    }

    @Override
    public int poll() {
        return writes.takeCompleted() + next.poll();
    }

    @Override
    public int readyFd() {
        return next.readyFd();
    }

    @Override
    public void close() throws IOException {
        map.close();
        writes.close();
        next.close();
    }
}
