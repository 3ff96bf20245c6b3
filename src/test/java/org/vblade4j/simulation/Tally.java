// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.EnumMap;
import java.util.Map;

/** How often what has happened in runs: what never does is not tested. */
final class Tally {
    enum Event {
        READS_IN_PLACE,
        PAGES_EVICTED,
        MAJOR_FAULTS,
        SHORT_TRANSFERS,
        INTERRUPTED_CALLS,
        IO_ERRORS,
        NO_SPACE,
        MISALIGNED,
        UNREADABLE_FRAMES,
        SYNC_ERRORS,
        LOST_WRITE_BACKS,
        OPERATIONS_HELD_BACK,
        FRAMES_REPLACED,
        FRAMES_LOST,
        SLOTS_RUN_OUT,
        BUFFERS_RUN_OUT,
        RESIZES,
        ABSENCES,
        RESTARTS,
        KILLS,
        POWER_CUTS
    }

    private final Map<Event, Long> counts = new EnumMap<>(Event.class);

    Tally() {
        for (Event event : Event.values()) {
            counts.put(event, 0L);
        }
    }

    void add(Event event) {
        add(event, 1);
    }

    void add(Event event, long count) {
        counts.merge(event, count, Long::sum);
    }

    void add(Tally other) {
        other.counts.forEach(this::add);
    }

    long of(Event event) {
        return counts.get(event);
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
