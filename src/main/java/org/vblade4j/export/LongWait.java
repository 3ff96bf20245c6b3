// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Waits for a device to finish what is in progress on it, for however long that takes: memory that
 * the kernel may still read or write must stay, and nobody else may be let to the device. Says what
 * it waits for when that takes long. The export's own thread only.
 */
final class LongWait {
    private static final Logger LOG = System.getLogger(LongWait.class.getName());

    /** From then on the status shows it. */
    static final long SHOWN_NS = TimeUnit.SECONDS.toNanos(1);

    /** Then it is logged, once. */
    static final long LOGGED_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long LEAST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long MOST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final String name;
    private final LongSupplier clockNs;
    private final Supplier<Instant> wallTime;
    private final LongConsumer pauseNs;
    private final Consumer<String> show;

    /**
     * @param name of the export, for the log
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     * @param pauseNs lets about so many nanoseconds pass
     * @param show told what is waited for
     */
    LongWait(
            String name,
            LongSupplier clockNs,
            Supplier<Instant> wallTime,
            LongConsumer pauseNs,
            Consumer<String> show) {
        this.name = name;
        this.clockNs = clockNs;
        this.wallTime = wallTime;
        this.pauseNs = pauseNs;
        this.show = show;
    }

    /**
     * Returns when it is done.
     *
     * @param step goes on with it without waiting; true when it is done
     * @param what is not done yet, for the operator; asked when it takes long
     */
    void until(BooleanSupplier step, Supplier<String> what) {
        if (step.getAsBoolean()) {
            return;
        }
        long startNs = clockNs.getAsLong();
        String since = " since " + wallTime.get().truncatedTo(ChronoUnit.SECONDS);
        boolean logged = false;
        while (!step.getAsBoolean()) {
            long takenNs = clockNs.getAsLong() - startNs;
            if (takenNs >= SHOWN_NS) {
                show.accept(what.get() + since);
            }
            if (takenNs >= LOGGED_NS && !logged) {
                logged = true;
                LOG.log(Level.WARNING, "{0}: waiting for {1}", name, what.get() + since);
            }
            pauseNs.accept(Math.min(MOST_PAUSE_NS, Math.max(LEAST_PAUSE_NS, takenNs / 16)));
        }
        if (logged) {
            long takenNs = clockNs.getAsLong() - startNs;
            LOG.log(Level.INFO, "{0}: waited {1} s", name, Long.toString(takenNs / 1_000_000_000L));
        }
    }
}
