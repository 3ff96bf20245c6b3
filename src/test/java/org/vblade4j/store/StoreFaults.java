// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * How bad a {@link FaultyStore} is. The same seed and the same order of calls give the same faults.
 *
 * @param errorRate probability from 0 to 1 that a request fails, decided for each on its own
 * @param error how it fails then
 * @param maxDelayNs each request takes a random time up to this; with 0 they end in order, at the
 *     next poll
 */
public record StoreFaults(long seed, double errorRate, StoreStatus error, long maxDelayNs) {
    /** Asynchronous and otherwise good. */
    public static final StoreFaults NONE = new StoreFaults(0, 0, StoreStatus.MEDIA_ERROR, 0);

    public StoreFaults {
        if (!(errorRate >= 0 && errorRate <= 1) || maxDelayNs < 0) {
            throw new IllegalArgumentException(
                    "error rate " + errorRate + ", expected 0 to 1; delay " + maxDelayNs + " ns");
        }
    }
}
