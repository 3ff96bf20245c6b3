// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ResidencyBackoffTest {
    private static final long MS = 1_000_000;
    private static final long START = 42;

    private final ResidencyBackoff backoff = new ResidencyBackoff(START);

    private void looksAndTrusts(long atNs, boolean looks, boolean trusts) {
        assertEquals(looks, backoff.looks(atNs), "looks");
        assertEquals(trusts, backoff.trusts(atNs), "trusts");
    }

    @Test
    void trustsAtFirst() {
        looksAndTrusts(START, true, true);
    }

    @Test
    void asksAgainBeforeItTrustsAgain() {
        long warned = START + 5000 * MS;
        backoff.warn(warned);
        looksAndTrusts(warned + 999 * MS, false, false);
        looksAndTrusts(warned + 1000 * MS, true, false);
        looksAndTrusts(warned + 1199 * MS, true, false);
        looksAndTrusts(warned + 1200 * MS, true, true);
    }

    @Test
    void isWaryForLongerEachTimeUpToALimitAndForgivesInTheEnd() {
        long now = START + 5000 * MS;
        backoff.warn(now);
        for (long waryMs : new long[] {2000, 4000, 8000, 16_000, 32_000, 64_000, 64_000}) {
            while (!backoff.looks(now)) {
                now += 100 * MS;
            }
            backoff.warn(now);
            assertFalse(backoff.looks(now + (waryMs - 1) * MS), waryMs + " ms");
            assertTrue(backoff.looks(now + waryMs * MS), waryMs + " ms");
        }
        now += 2 * 64_200 * MS;
        backoff.warn(now);
        looksAndTrusts(now + 1200 * MS, true, true);
    }
}
