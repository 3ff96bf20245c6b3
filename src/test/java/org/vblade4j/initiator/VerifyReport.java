// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import org.vblade4j.store.StoreStatus;

/**
 * What a {@link DiskVerifier} found.
 *
 * @param sectors the disk's size; all of it was written and read, unless a request failed
 * @param badSectors sectors that came back otherwise than written
 * @param firstBadLba the first of them, or -1
 * @param failedRequests reads, writes and flushes that ended with an error
 * @param firstFailure how the first of them ended, or OK
 */
record VerifyReport(
        long sectors,
        long badSectors,
        long firstBadLba,
        long failedRequests,
        StoreStatus firstFailure,
        long writeNs,
        long readNs) {

    boolean good() {
        return badSectors == 0 && failedRequests == 0;
    }
}
