// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;

/** A store in front of another one. It passes everything on; a filter overrides what it changes. */
public abstract class FilterStore implements BlockStore {
    protected final BlockStore next;

    /** Takes over {@code next}: closing closes it. */
    protected FilterStore(BlockStore next) {
        this.next = next;
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
        next.submit(request);
    }

    @Override
    public void kick() {
        next.kick();
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
