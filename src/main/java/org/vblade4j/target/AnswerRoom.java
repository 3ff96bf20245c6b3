// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.concurrent.TimeUnit;

/**
 * How much data an answer can carry, and how much it could until a moment ago. When an interface's
 * MTU is lowered, or the interface is made anew, stations have read requests under way that fitted
 * before. An error would fail the I/O of a host for what may be over in a second, so for some time
 * such a request is left unanswered: it comes again, and fits, or is told by then that it does not.
 * Worker thread only.
 */
final class AnswerRoom {
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private int bytes;
    private int earlierBytes;
    private long loweredNs;

    /** What an answer can carry now. */
    void set(int newBytes, long nowNs) {
        if (newBytes < bytes) {
            earlierBytes = hadOfLate(bytes, nowNs) ? earlierBytes : bytes;
            loweredNs = nowNs;
        }
        bytes = newBytes;
    }

    int bytes() {
        return bytes;
    }

    /** Whether so much data could be carried a moment ago, though not now. */
    boolean hadOfLate(int dataBytes, long nowNs) {
        return dataBytes <= earlierBytes && nowNs - loweredNs < PATIENCE_NS;
    }
}
