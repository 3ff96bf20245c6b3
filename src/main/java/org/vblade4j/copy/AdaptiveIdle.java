// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What to do while nothing happens. To sleep and to be woken costs both sides more than to look
 * again for a moment; so that is done where the last waits were that short.
 */
final class AdaptiveIdle {
    private static final int LOOKS = 200;
    private static final long SHORT_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private final LongSupplier clockNs;
    private final Runnable sleep;
    private boolean brief;
    private int looks;

    AdaptiveIdle(LongSupplier clockNs, Runnable sleep) {
        this.clockNs = clockNs;
        this.sleep = sleep;
    }

    /** Something happened. */
    void over() {
        looks = 0;
    }

    /** Nothing happened: returns when it is time to look again. */
    void pause() {
        if (brief && looks++ < LOOKS) {
            Thread.onSpinWait();
            return;
        }
        long sinceNs = clockNs.getAsLong();
        sleep.run();
        brief = clockNs.getAsLong() - sinceNs < SHORT_NS;
        looks = 0;
    }
}
