// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One export's event counts. One thread writes (the export's worker), any thread reads: a count is
 * a plain load and an opaque store, no lock and no atomic read-modify-write. A reader may see a
 * value one event old, never a torn or decreasing one.
 */
public final class Counters {
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] slots = new long[Counter.values().length];

    /** Writing thread only. */
    public void increment(Counter counter) {
        add(counter, 1);
    }

    /** Writing thread only. */
    public void add(Counter counter, long amount) {
        int index = index(counter);
        SLOT.setOpaque(slots, index, slots[index] + amount);
    }

    /** Any thread. */
    public long value(Counter counter) {
        return (long) SLOT.getOpaque(slots, index(counter));
    }

    @SuppressWarnings("EnumOrdinal") // an array index within one process, never stored
    private static int index(Counter counter) {
        return counter.ordinal();
    }
}
