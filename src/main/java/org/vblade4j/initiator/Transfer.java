// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/** A request that is being cut into frames and put together again. Reused. */
final class Transfer {
    StoreRequest request;

    long submittedNs;

    /** Sectors of it that frames were made for. */
    int started;

    /** It is a flush, for which no frame was made yet. */
    boolean flushWaits;

    /** Frames unanswered. */
    int inFlight;

    /** The first failure; nothing more of it is sent after one. */
    StoreStatus status;

    void begin(StoreRequest request, long nowNs) {
        this.request = request;
        submittedNs = nowNs;
        started = 0;
        flushWaits = request.op() == StoreRequest.Op.FLUSH;
        inFlight = 0;
        status = StoreStatus.OK;
    }

    /** True when there is nothing left to start. */
    boolean allStarted() {
        return status != StoreStatus.OK || (!flushWaits && started == request.sectors());
    }

    void fail(StoreStatus failure) {
        if (status == StoreStatus.OK) {
            status = failure;
        }
    }
}
