// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.ata.AtaTask;
import org.vblade4j.store.StoreRequest;

/**
 * An ATA command in progress. There is one object for each of the port's slots, reused for as long
 * as the target lives: the slot already holds the answer's header, and a read's data goes straight
 * to its place behind it.
 */
final class PendingRequest implements StoreRequest.Listener {
    /** Told when the store is done with a request. */
    @FunctionalInterface
    interface Listener {
        void onFinished(PendingRequest request);
    }

    final int slot;
    final AtaTask task = new AtaTask();
    final StoreRequest io = new StoreRequest(this);
    long source;
    int tag;

    /** The source's number among {@link Stations}. */
    int station;

    /** When it came, by the clock of {@link Stations}. */
    long startedNs;

    /** It was answered before the store was done with it, as one whose outcome is unknown. */
    boolean givenUp;

    /** Earlier requests in progress that this one has to wait for; {@link RequestOrder}'s. */
    int blockers;

    /** Of a read answered in place, whose data could not be read when it was sent. */
    boolean unreadable;

    private final Listener listener;

    PendingRequest(int slot, Listener listener) {
        this.slot = slot;
        this.listener = listener;
    }

    @Override
    public void onComplete(StoreRequest finished) {
        listener.onFinished(this);
    }
}
