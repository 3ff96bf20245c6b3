// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The time by which a client must have sent or taken something. One thread begins and ends it, any
 * thread asks.
 */
final class Deadline {
    private static final long START_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long MIB_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clockNs;
    private volatile long endNs;
    private volatile boolean running;

    Deadline(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    void begin(long allowedNs) {
        endNs = clockNs.getAsLong() + allowedNs;
        running = true;
    }

    /** For moving so many bytes: half a minute, and a second for each MiB. */
    void beginBytes(int bytes) {
        begin(START_NS + (bytes >> 20) * MIB_NS);
    }

    void end() {
        running = false;
    }

    boolean runs() {
        return running;
    }

    boolean passed() {
        return running && clockNs.getAsLong() - endNs > 0;
    }
}
