// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * From station to number, in constant time: a hash table with linear probing, at most half full,
 * that grows with the number of stations. Where a station falls depends on a number drawn for each
 * table, so that nobody can choose addresses that collide. Worker thread only.
 */
final class MacTable {
    static final int ABSENT = -1;

    /** No station has it. */
    private static final long EMPTY = 0;

    private static final int FEW_BITS = 5;

    private long[] macs = new long[1 << FEW_BITS];
    private int[] values = new int[1 << FEW_BITS];
    private int count;
    private final long multiplier = new SplittableRandom().nextLong() | 1;
    private int shift = Long.SIZE - FEW_BITS;

    /** The station's number, or {@link #ABSENT}. */
    int get(long mac) {
        int at = place(mac);
        return macs[at] == mac && mac != EMPTY ? values[at] : ABSENT;
    }

    /** A station that is there gets the new number. */
    void put(long mac, int value) {
        int at = place(mac);
        if (macs[at] == EMPTY && 2 * ++count > macs.length) {
            grow();
            at = place(mac);
        }
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
        count--;
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
        count = 0;
    }

    private void grow() {
        long[] oldMacs = macs;
        int[] oldValues = values;
        macs = new long[2 * oldMacs.length];
        values = new int[macs.length];
        shift--;
        for (int i = 0; i < oldMacs.length; i++) {
            if (oldMacs[i] != EMPTY) {
                int at = place(oldMacs[i]);
                macs[at] = oldMacs[i];
                values[at] = oldValues[i];
            }
        }
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
