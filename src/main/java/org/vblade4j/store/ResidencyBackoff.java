// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/**
 * For how long nothing is believed to be in memory after a sign that pages leave it: a second,
 * after a sign soon behind that two, and so on up to {@value #MAX_WARY_MS} ms. Then it is looked
 * again for {@value #PROBATION_MS} ms without believing it yet, because what was there the last
 * time and is not now is such a sign as well.
 *
 * <p>Times are of {@link System#nanoTime}.
 */
final class ResidencyBackoff {
    static final int WARY_MS = 1000;
    static final int MAX_WARY_MS = 64 * WARY_MS;
    static final int PROBATION_MS = 200;
    private static final long MS_NS = 1_000_000;

    private long waryNs = WARY_MS * MS_NS;
    private long untilNs;
    private long trustedFromNs;

    ResidencyBackoff(long nowNs) {
        untilNs = nowNs - waryNs; // and not a moment ago
        trustedFromNs = nowNs;
    }

    /** Pages left memory, as is seen now. */
    void warn(long nowNs) {
        boolean soon = nowNs - trustedFromNs < waryNs;
        waryNs = soon ? Math.min(2 * waryNs, MAX_WARY_MS * MS_NS) : WARY_MS * MS_NS;
        untilNs = nowNs + waryNs;
        trustedFromNs = untilNs + PROBATION_MS * MS_NS;
    }

    /** Whether to look what is in memory at all. */
    boolean looks(long nowNs) {
        return nowNs - untilNs >= 0;
    }

    /** Whether to believe what is seen. */
    boolean trusts(long nowNs) {
        return nowNs - trustedFromNs >= 0;
    }
}
