// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.concurrent.TimeUnit;

/**
 * A rate for each of many parties: an average, and a second's worth at once. Instead of counting
 * tokens it notes until when a party has used its share up (the generic cell rate algorithm, ITU-T
 * I.371). Worker thread only.
 */
final class Allowance {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final double unitNs;
    private final long[] usedUntilNs;

    /**
     * @param perSecond 0 for no limit
     * @param nowNs of the clock that {@link #take} is called with
     */
    Allowance(long perSecond, int parties, long nowNs) {
        unitNs = perSecond == 0 ? 0 : (double) SECOND_NS / perSecond;
        usedUntilNs = new long[perSecond == 0 ? 0 : parties];
        for (int i = 0; i < usedUntilNs.length; i++) {
            usedUntilNs[i] = nowNs;
        }
    }

    /** True, and charged, when the party has not used up more than a second's worth. */
    boolean take(int party, long units, long nowNs) {
        if (unitNs == 0) {
            return true;
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
        if (unitNs != 0) {
            usedUntilNs[party] = nowNs;
        }
    }
}
