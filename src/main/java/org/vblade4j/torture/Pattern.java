// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.Locale;

/** What hosts do together in a round. */
public enum Pattern {
    /** Reads and writes that overlap, some sent twice, some late. */
    MIXED,
    /** Writes of one run after the other, with resends in the middle. */
    SEQUENTIAL,
    /** Pairs of writes that follow one another, and the second again with another tag. */
    PAIRS,
    /** Only reads, of what was written last and elsewhere. */
    READS;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
