// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

/** Stands in for a store that is away: of the same size and kind, and it does nothing. */
final class AwayStore implements BlockStore {
    private final long sectors;
    private final StoreTraits traits;

    AwayStore(long sectors, StoreTraits traits) {
        this.sectors = sectors;
        this.traits = traits.asSynchronous();
    }

    @Override
    public long sectors() {
        return sectors;
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        request.complete(StoreStatus.UNAVAILABLE);
    }

    @Override
    public void close() {}
}
