// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.Arrays;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.store.engine.IoOperation;

/**
 * Group commit: completes writes when one fdatasync(2) has put all of them on the medium, and
 * flushes with them. While one runs, the next group collects.
 *
 * <p>A request completes OK only if a sync that began after its data had been written has
 * succeeded. The kernel reports an error of writing back once: the sync that is told may not be the
 * one whose data was lost, because it also writes what was dirtied after it began. So everything
 * written before a failed sync returned fails with it.
 */
final class Commit extends IoOperation {
    private final IoEngine engine;
    private final DiskFile disk;
    private StoreRequest[] collecting = new StoreRequest[Run.MAX_REQUESTS];
    private StoreRequest[] syncing = new StoreRequest[Run.MAX_REQUESTS];
    private int collected;
    private int syncCount;
    private int completed;

    /**
     * @param disk what the engine syncs
     */
    Commit(IoEngine engine, DiskFile disk) {
        this.engine = engine;
        this.disk = disk;
    }

    /** A write whose data the file has, or a flush. */
    void add(StoreRequest request) {
        if (collected == collecting.length) {
            collecting = Arrays.copyOf(collecting, 2 * collected);
        }
        collecting[collected++] = request;
    }

    /** Begins a sync for all that has collected, unless one is running. False: it did not. */
    boolean start() {
        if (syncCount > 0 || collected == 0) {
            return false;
        }
        StoreRequest[] group = collecting;
        collecting = syncing;
        syncing = group;
        syncCount = collected;
        collected = 0;
        kind = Kind.SYNC;
        engine.start(this);
        return true;
    }

    /** Requests completed since the last call. */
    int takeCompleted() {
        int taken = completed;
        completed = 0;
        return taken;
    }

    @Override
    protected void ended(int result) {
        StoreStatus status = result < 0 ? failure(-result) : StoreStatus.OK;
        StoreRequest[] group = syncing;
        int count = syncCount;
        int tainted = 0;
        if (result < 0 && collected > 0) {
            group = Arrays.copyOf(group, count + collected);
            System.arraycopy(collecting, 0, group, count, collected);
            tainted = collected;
            Arrays.fill(collecting, 0, collected, null);
            collected = 0;
        }
        syncCount = 0;
        complete(group, count + tainted, status);
    }

    /** A device that was pulled out gives EIO; what is lost with it may be written again. */
    private StoreStatus failure(int errno) {
        disk.refreshSize();
        return disk.absent() ? StoreStatus.UNAVAILABLE : StoreErrors.status(errno);
    }

    private void complete(StoreRequest[] group, int count, StoreStatus status) {
        for (int i = 0; i < count; i++) {
            StoreRequest request = group[i];
            group[i] = null;
            completed++;
            request.complete(status);
        }
    }
}
