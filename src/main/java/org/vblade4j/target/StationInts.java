// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Arrays;

/**
 * A number for each station, by the station's own number. It takes the room of the stations that
 * there are: few, as a rule, of the many that there could be. Worker thread only.
 */
final class StationInts {
    private static final int FEW = 16;

    private final int initial;
    private int[] values;

    /**
     * @param initial of a station that none was set for
     */
    StationInts(int initial) {
        this.initial = initial;
        values = new int[FEW];
        Arrays.fill(values, initial);
    }

    int get(int station) {
        return station < values.length ? values[station] : initial;
    }

    void set(int station, int value) {
        if (station >= values.length) {
            grow(station);
        }
        values[station] = value;
    }

    /** Adds to the number and returns the sum. */
    int add(int station, int amount) {
        int sum = get(station) + amount;
        set(station, sum);
        return sum;
    }

    private void grow(int station) {
        int had = values.length;
        values = Arrays.copyOf(values, Math.max(2 * had, station + 1));
        Arrays.fill(values, had, values.length, initial);
    }
}
