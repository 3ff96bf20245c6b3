// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * From station to number, in constant time and in arrays of fixed size: a hash table with linear
 * probing, at most half full. Where a station falls depends on a number drawn for each table, so
 * that nobody can choose addresses that collide. Worker thread only.
 */
final class MacTable {
    static final int ABSENT = -1;

    /** No station has it. */
    private static final long EMPTY = 0;

    private final long[] macs;
    private final int[] values;
    private final long multiplier = new SplittableRandom().nextLong() | 1;
    private final int shift;

    MacTable(int capacity) {
        int bits = Integer.SIZE - Integer.numberOfLeadingZeros(2 * Math.max(1, capacity) - 1);
        macs = new long[1 << bits];
        values = new int[macs.length];
        shift = Long.SIZE - bits;
    }

    /** The station's number, or {@link #ABSENT}. */
    int get(long mac) {
        int at = place(mac);
        return macs[at] == mac && mac != EMPTY ? values[at] : ABSENT;
    }

    /** The caller keeps to the capacity; a station that is there gets the new number. */
    void put(long mac, int value) {
        int at = place(mac);
        macs[at] = mac;
        values[at] = value;
    }

    /** Does nothing when the station is not there. */
    void remove(long mac) {
        int hole = place(mac);
        if (macs[hole] == EMPTY) {
            return;
        }
        macs[hole] = EMPTY;
        for (int at = next(hole); macs[at] != EMPTY; at = next(at)) {
            int home = home(macs[at]);
            // Those that were pushed past the hole move back, or they could not be found again.
            if (((at - home) & (macs.length - 1)) >= ((at - hole) & (macs.length - 1))) {
                macs[hole] = macs[at];
                values[hole] = values[at];
                macs[at] = EMPTY;
                hole = at;
            }
        }
    }

    void clear() {
        Arrays.fill(macs, EMPTY);
    }

    /** Where the station is, or where it would go. */
    private int place(long mac) {
        int at = home(mac);
        while (macs[at] != EMPTY && macs[at] != mac) {
            at = next(at);
        }
        return at;
    }

    private int home(long mac) {
        return (int) ((mac * multiplier) >>> shift);
    }

    private int next(int at) {
        return (at + 1) & (macs.length - 1);
    }
}
