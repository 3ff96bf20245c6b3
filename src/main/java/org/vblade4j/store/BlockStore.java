// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;

/**
 * A disk as an array of 512-byte sectors. Stores chain: a filter (window, read-only, faults) is a
 * store that holds the next one. Used by one thread at a time.
 *
 * <p>Requests are asynchronous in form. A store completes a request either inside {@link #submit}
 * or later inside {@link #poll}, always on the calling thread, in any order. Requests whose sector
 * ranges overlap must not be in progress together: the caller keeps them apart. Ranges are checked
 * by the caller against {@link #sectors}; a store that finds itself shorter answers {@link
 * StoreStatus#OUT_OF_RANGE} and never grows.
 */
public interface BlockStore extends AutoCloseable {
    int SECTOR_BYTES = 512;

    /** The size now, in sectors of 512 bytes; it may change between calls. */
    long sectors();

    /** What the store can do; fixed for its life. */
    StoreTraits traits();

    /**
     * Starts a request, which belongs to the store until its listener is called. Never throws for
     * an I/O failure: that is the request's status.
     */
    void submit(StoreRequest request);

    /** Completes what has finished since; returns how many. Synchronous stores have nothing. */
    default int poll() {
        return 0;
    }

    /**
     * Ends the store; the caller has no request in progress. Does not flush. A second call is
     * harmless.
     */
    @Override
    void close() throws IOException;
}
