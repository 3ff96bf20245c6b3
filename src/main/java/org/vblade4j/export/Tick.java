// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.function.LongSupplier;

/** Work that is due at a fixed rate, whatever else there is to do. One thread only. */
final class Tick {
    private final LongSupplier clockNs;
    private final long periodNs;
    private final Runnable work;
    private long dueNs;

    /**
     * The work is due for the first time one period from now.
     *
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     */
    Tick(LongSupplier clockNs, long periodNs, Runnable work) {
        this.clockNs = clockNs;
        this.periodNs = periodNs;
        this.work = work;
        dueNs = clockNs.getAsLong() + periodNs;
    }

    /** Does the work if it is due; what was missed meanwhile is not made up for. */
    void runIfDue() {
        long nowNs = clockNs.getAsLong();
        if (nowNs - dueNs >= 0) {
            dueNs = nowNs + periodNs;
            work.run();
        }
    }

    /** How long until the work is due; 0 when it is. */
    long leftNs() {
        return Math.max(0, dueNs - clockNs.getAsLong());
    }
}
