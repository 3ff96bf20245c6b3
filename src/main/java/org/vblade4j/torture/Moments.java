// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.function.LongSupplier;

/** Nanoseconds since the start, of which no two events share one. */
final class Moments {
    private final LongSupplier clockNs;
    private final long startNs;
    private long last;

    Moments(LongSupplier clockNs) {
        this.clockNs = clockNs;
        startNs = clockNs.getAsLong();
    }

    long next() {
        last = Math.max(last + 1, clockNs.getAsLong() - startNs);
        return last;
    }

    /** The clock, which events may have overtaken by some nanoseconds. */
    long nowNs() {
        return clockNs.getAsLong() - startNs;
    }
}
