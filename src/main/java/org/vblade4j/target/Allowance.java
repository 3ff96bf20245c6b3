// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A rate for each of many parties: an average, and a second's worth at once. Instead of counting
 * tokens it notes until when a party has used its share up (the generic cell rate algorithm, ITU-T
 * I.371). Worker thread only.
 */
final class Allowance {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final double unitNs;

    /** For the parties that there have been; the others owe nothing. */
    private long[] usedUntilNs = new long[0];

    /**
     * @param perSecond 0 for no limit
     */
    Allowance(long perSecond) {
        unitNs = perSecond == 0 ? 0 : (double) SECOND_NS / perSecond;
    }

    /** True, and charged, when the party has not used up more than a second's worth. */
    boolean take(int party, long units, long nowNs) {
        if (unitNs == 0) {
            return true;
        }
        if (party >= usedUntilNs.length) {
            grow(party, nowNs);
        }
        long usedNs = Math.max(0, usedUntilNs[party] - nowNs);
        if (usedNs >= SECOND_NS) {
            return false;
        }
        usedUntilNs[party] = nowNs + usedNs + (long) (units * unitNs);
        return true;
    }

    /** Another party takes the place: it owes nothing. */
    void forget(int party, long nowNs) {
        if (party < usedUntilNs.length) {
            usedUntilNs[party] = nowNs;
        }
    }

    private void grow(int party, long nowNs) {
        int had = usedUntilNs.length;
        usedUntilNs = Arrays.copyOf(usedUntilNs, Math.max(2 * had, party + 1));
        Arrays.fill(usedUntilNs, had, usedUntilNs.length, nowNs);
    }
}
