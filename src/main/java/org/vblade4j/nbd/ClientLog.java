// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Messages that any client can cause as often as it likes: one a minute is written, the others are
 * counted. Any thread.
 */
final class ClientLog {
    static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

    private final Consumer<String> log;
    private final LongSupplier clockNs;
    private boolean wrote;
    private long wroteNs;
    private long unwritten;

    ClientLog(Consumer<String> log, LongSupplier clockNs) {
        this.log = log;
        this.clockNs = clockNs;
    }

    synchronized void add(String message) {
        if (wrote && clockNs.getAsLong() - wroteNs < INTERVAL_NS) {
            unwritten++;
            return;
        }
        tell();
        log.accept(message);
        wrote = true;
        wroteNs = clockNs.getAsLong();
    }

    /** From time to time: tells of those that were counted once their minute is over. */
    synchronized void tick() {
        if (unwritten > 0 && clockNs.getAsLong() - wroteNs >= INTERVAL_NS) {
            tell();
            wroteNs = clockNs.getAsLong();
        }
    }

    private void tell() {
        if (unwritten > 0) {
            log.accept(unwritten + " more clients were refused or dropped since the last message");
            unwritten = 0;
        }
    }
}
