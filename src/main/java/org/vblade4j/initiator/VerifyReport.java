// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/**
 * What a {@link DiskVerifier} found.
 *
 * @param sectors the disk's size, all of which was written and read
 * @param badSectors sectors that came back otherwise than written
 * @param firstBadLba the first of them, or -1
 * @param failedRequests reads, writes and flushes that ended with an error
 */
public record VerifyReport(
        long sectors,
        long badSectors,
        long firstBadLba,
        long failedRequests,
        long writeNs,
        long readNs) {

    public boolean good() {
        return badSectors == 0 && failedRequests == 0;
    }
}
