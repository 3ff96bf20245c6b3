// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/**
 * How long an answer takes, and so when to send again: the smoothed time and its mean deviation
 * (Jacobson's estimator, as TCP's in RFC 6298). Every transmission has a tag of its own, so that an
 * answer to a repeated frame is a sample as good as any.
 */
final class RoundTrips {
    private static final int FIRST_TIMEOUTS = 20; // of the shortest, while nothing is known
    private static final int MAX_DOUBLINGS = 10;

    private final long minNs;
    private final long maxNs;
    private long smoothedNs;
    private long deviationNs;
    private boolean known;

    RoundTrips(long minNs, long maxNs) {
        this.minNs = minNs;
        this.maxNs = maxNs;
    }

    void add(long sampleNs) {
        if (!known) {
            known = true;
            smoothedNs = sampleNs;
            deviationNs = sampleNs / 2;
            return;
        }
        long errorNs = sampleNs - smoothedNs;
        smoothedNs += errorNs / 8;
        deviationNs += (Math.abs(errorNs) - deviationNs) / 4;
    }

    /** Doubles with each time the frame was sent again already. */
    long timeoutNs(int resends) {
        long baseNs = known ? smoothedNs + 4 * deviationNs : FIRST_TIMEOUTS * minNs;
        long boundedNs = Math.min(maxNs, Math.max(minNs, baseNs));
        return Math.min(maxNs, boundedNs << Math.min(resends, MAX_DOUBLINGS));
    }

    /** 0 before the first sample. */
    long smoothedNs() {
        return smoothedNs;
    }
}
