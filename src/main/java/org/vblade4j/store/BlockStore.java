// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;

/**
 * A disk as an array of 512-byte sectors. Stores chain: a filter (window, read-only, delay) is a
 * store that holds the next one, see {@link FilterStore}. Used by one thread at a time, and by the
 * same one from the first submit on.
 *
 * <p>Requests are asynchronous in form. A store completes a request inside {@link #submit}, inside
 * {@link #kick} or later inside {@link #poll}, always on the calling thread, in any order. Requests
 * whose sector ranges overlap must not be in progress together: the caller keeps them apart. Ranges
 * are checked by the caller against {@link #sectors}; a store that finds itself shorter answers
 * {@link StoreStatus#OUT_OF_RANGE} and never grows.
 */
public interface BlockStore extends AutoCloseable {
    int SECTOR_BYTES = 512;

    /** The size now, in sectors of 512 bytes; it may change between calls. */
    long sectors();

    /**
     * Whether there is nothing behind it any more, as of a device that was pulled out, or its
     * medium. {@link #sectors} stays what it was; requests end as {@link StoreStatus#UNAVAILABLE}.
     */
    default boolean absent() {
        return false;
    }

    /** What the store can do; fixed for its life. */
    StoreTraits traits();

    /**
     * Starts a request, which belongs to the store until its listener is called. Never throws for
     * an I/O failure: that is the request's status.
     */
    void submit(StoreRequest request);

    /**
     * Starts what {@link #submit} has only queued, also what listeners submit in the course of it,
     * and may complete some. The caller calls it at the end of each batch of submits and after each
     * {@link #poll} whose listeners may have submitted more: a store may hold requests back until
     * then, to merge adjacent ones or to make a batch of writes durable with one flush. Harmless
     * when nothing is queued.
     *
     * <p>When it returns, a store that {@linkplain StoreTraits#takesDataByKick says so} holds no
     * data that is {@linkplain DataLease lent}, neither of what was submitted before nor of what
     * listeners have submitted meanwhile. A listener may call it, too: such a call returns at once,
     * and the outer one goes on with what was submitted.
     */
    default void kick() {}

    /** Completes what has finished since; returns how many. Synchronous stores have nothing. */
    default int poll() {
        return 0;
    }

    /**
     * A descriptor that polls readable (POLLIN) when {@link #poll} would complete something, or -1
     * when there is none and the caller has to look from time to time while requests are in
     * progress. It may also be readable when there is nothing. Belongs to the store, stays the same
     * until {@link #close}; the caller never reads from it.
     */
    default int readyFd() {
        return -1;
    }

    /**
     * Ends the store. Does not flush. Returns when the kernel has nothing of it in progress: the
     * memory of requests may go then, and somebody else may be let to the device. The caller should
     * have no request in progress; requests that are, as after a defect, are not completed, and on
     * a disk that hangs the call takes as long as it hangs. A second call is harmless.
     */
    @Override
    void close() throws IOException;
}
