// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * What a store is.
 *
 * @param readOnly writes are refused
 * @param synchronous every request completes inside {@link BlockStore#submit}
 * @param durableWrites a completed write is on the medium without a flush
 * @param takesDataByKick the data of a write is needed no longer than until the next {@link
 *     BlockStore#kick} returns, be the write complete by then or not: it may be {@linkplain
 *     DataLease lent}. Of a chain it holds only if it holds of each store in it
 * @param physicalBlockBytes the medium's own block, 512 or a multiple; smaller writes cost more
 * @param engine what runs its requests, for the status: {@code uring}, {@code threads} or {@code
 *     sync}
 */
public record StoreTraits(
        boolean readOnly,
        boolean synchronous,
        boolean durableWrites,
        boolean takesDataByKick,
        int physicalBlockBytes,
        String engine) {

    /** A store that runs its requests on its caller's thread. */
    public StoreTraits(
            boolean readOnly, boolean synchronous, boolean durableWrites, int physicalBlockBytes) {
        this(readOnly, synchronous, durableWrites, synchronous, physicalBlockBytes, "sync");
    }

    /** The same behind a filter that lets no write through. */
    public StoreTraits asReadOnly() {
        return new StoreTraits(
                true, synchronous, durableWrites, takesDataByKick, physicalBlockBytes, engine);
    }

    /** The same behind a filter that keeps requests for later. */
    public StoreTraits asDelayed() {
        return new StoreTraits(readOnly, false, durableWrites, false, physicalBlockBytes, engine);
    }

    /** The same of a stand-in that completes every request at once. */
    public StoreTraits asSynchronous() {
        return new StoreTraits(readOnly, true, durableWrites, true, physicalBlockBytes, engine);
    }
}
