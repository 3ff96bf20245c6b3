// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.concurrent.TimeUnit;

/**
 * How a {@link RemoteDisk} behaves on the network. Times are in nanoseconds.
 *
 * @param window the most frames unanswered at once on a path, 1 to 256; the target's buffer count
 *     bounds it too
 * @param minTimeoutNs a frame is not sent again before this time
 * @param maxTimeoutNs nor later than this
 * @param giveUpNs a frame unanswered for this long fails its request
 */
public record DiskSettings(int window, long minTimeoutNs, long maxTimeoutNs, long giveUpNs) {
    static final int MAX_WINDOW = 256;

    /** For a local network: 64 frames, 10 ms to 1 s, and 30 s. */
    public static final DiskSettings DEFAULTS =
            new DiskSettings(
                    64,
                    TimeUnit.MILLISECONDS.toNanos(10),
                    TimeUnit.SECONDS.toNanos(1),
                    TimeUnit.SECONDS.toNanos(30));

    public DiskSettings {
        if (window < 1 || window > MAX_WINDOW) {
            throw new IllegalArgumentException("window " + window + ", expected 1 to 256");
        }
        if (minTimeoutNs <= 0 || maxTimeoutNs < minTimeoutNs || giveUpNs <= 0) {
            throw new IllegalArgumentException(
                    "timeouts " + minTimeoutNs + ", " + maxTimeoutNs + ", " + giveUpNs + " ns");
        }
    }
}
