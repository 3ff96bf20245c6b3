// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;

/** Lets reads and flushes through to another store and refuses writes. */
public final class ReadOnlyStore implements BlockStore {
    private final BlockStore next;
    private final StoreTraits traits;

    /** Takes over {@code next}: closing closes it. */
    public ReadOnlyStore(BlockStore next) {
        this.next = next;
        traits = next.traits().asReadOnly();
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
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        if (request.op() == StoreRequest.Op.WRITE) {
            request.complete(StoreStatus.READ_ONLY);
        } else {
            next.submit(request);
        }
    }

    @Override
    public void kick() {
        next.kick();
    }

    @Override
    public boolean inPlaceValid() {
        return next.inPlaceValid();
    }

    @Override
    public void inPlaceFailed() {
        next.inPlaceFailed();
    }

    @Override
    public int poll() {
        return next.poll();
    }

    @Override
    public int readyFd() {
        return next.readyFd();
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
