// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.vblade4j.config.RestartSettings;

/**
 * When a crashed export runs again, after OpenRC's supervise-daemon(8), but with a sliding window:
 * a crash counts for one period after it happened, and each one that counts doubles the delay.
 *
 * <p>The doubling stops at 30 s, and earlier where {@code max} restarts would not fit in a period
 * otherwise: an operator who set a limit must see it reached.
 */
final class RestartPolicy {
    private static final long CAP_NS = Duration.ofSeconds(30).toNanos();

    /** What doubles when the configured delay is less: a crash loop must not spin. */
    private static final long LEAST_NS = Duration.ofMillis(100).toNanos();

    private static final int MAX_DOUBLINGS = 20;

    private final Deque<Long> crashesNs = new ArrayDeque<>();

    /** Notes a crash; the pause before the restart, or empty when it is to be given up. */
    Optional<Duration> afterCrash(long nowNs, RestartSettings settings) {
        long periodNs = settings.period().toNanos();
        while (!crashesNs.isEmpty() && nowNs - crashesNs.peekFirst() >= periodNs) {
            crashesNs.removeFirst();
        }
        crashesNs.addLast(nowNs);
        if (settings.max() > 0 && crashesNs.size() > settings.max()) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofNanos(delayNs(crashesNs.size(), settings)));
    }

    /** Forgets all crashes: an operator took over. */
    void reset() {
        crashesNs.clear();
    }

    private static long delayNs(int crashes, RestartSettings settings) {
        long firstNs = settings.delay().toNanos();
        if (crashes == 1) {
            return firstNs;
        }
        long capNs = CAP_NS;
        if (settings.max() > 0) {
            capNs = Math.min(capNs, settings.period().toNanos() / settings.max());
        }
        long doubledNs = Math.max(firstNs, LEAST_NS);
        for (int i = 1; i < Math.min(crashes, MAX_DOUBLINGS) && doubledNs < capNs; i++) {
            doubledNs *= 2;
        }
        return Math.max(firstNs, Math.min(doubledNs, capNs));
    }
}
