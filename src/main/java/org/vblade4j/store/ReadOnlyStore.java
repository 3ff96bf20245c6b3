// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/** Lets reads and flushes through to another store and refuses writes. */
public final class ReadOnlyStore extends FilterStore {
    private final StoreTraits traits;

    /** Takes over {@code next}: closing closes it. */
    public ReadOnlyStore(BlockStore next) {
        super(next);
        traits = next.traits().asReadOnly();
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
}
