// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.concurrent.TimeUnit;

/**
 * How many lines stations may put into the log together: some at once, then one in a while. What is
 * left out is counted. One thread only.
 */
final class LineBudget {
    /** Lines at once. */
    static final int AT_ONCE = 10;

    /** Then so far apart. */
    static final long LINE_NS = TimeUnit.SECONDS.toNanos(1);

    private long usedUntilNs;
    private boolean used;
    private long leftOut;

    /** Whether a line may be logged now; it is counted as left out if not. */
    boolean take(long nowNs) {
        long owedNs = used ? Math.max(0, usedUntilNs - nowNs) : 0;
        if (owedNs > (AT_ONCE - 1) * LINE_NS) {
            leftOut++;
            return false;
        }
        used = true;
        usedUntilNs = nowNs + owedNs + LINE_NS;
        return true;
    }

    /** How many were left out since the last call. */
    long takeLeftOut() {
        long count = leftOut;
        leftOut = 0;
        return count;
    }
}
