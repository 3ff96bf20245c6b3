// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.concurrent.TimeUnit;

/**
 * Keeps one station from taking what others need, when there is not enough. Nothing is held back
 * while there is enough, or while only one station asks.
 *
 * <p>Initiators promise to have no more requests in flight than the buffer count. When a port's
 * receive ring is half full, all those frames were sent without an answer to any of them in
 * between, so the promise can be checked: of such a run of frames a station gets the buffer count
 * served, or twice that where half of the run allows it, for what it may have sent again; the rest
 * is dropped before it costs anything. Who breaks the promise gets half as much in the next run,
 * down to one frame, and twice as much again in each run in which it is kept. Whoever keeps it
 * never loses a frame here. A ring that holds less than twice the buffer count shows nothing.
 *
 * <p>Requests in progress hold a slot each. A station may have at most twice as many as are free,
 * so that the next one always finds some (dynamic thresholds, Choudhury and Hahne 1998).
 */
final class FairShare {
    private static final long MEMORY_NS = TimeUnit.SECONDS.toNanos(1);

    private final Stations stations;
    private final int bufferCount;
    private final StationInts runs = new StationInts(0);
    private final StationInts taken = new StationInts(0);
    private final StationInts grants = new StationInts(Integer.MAX_VALUE);
    private final StationInts generations = new StationInts(0);
    private int run;
    private int remaining;
    private int full;
    private int lastNumber = -1;
    private long lastOtherNs;
    private boolean othersSeen;

    FairShare(Stations stations, int bufferCount) {
        this.stations = stations;
        this.bufferCount = bufferCount;
    }

    /**
     * Between batches.
     *
     * @param backlogFrames frames that wait in the port, at least; 0 for few
     */
    void backlog(int backlogFrames) {
        if (backlogFrames > 0 && remaining == 0) {
            run++;
            remaining = backlogFrames;
            full = Math.max(bufferCount, Math.min(2 * bufferCount, backlogFrames / 2));
        } else if (backlogFrames == 0) {
            remaining = 0;
        }
    }

    /** Whether a frame of the station that came now is to be dropped. */
    boolean exceeded(int number, long nowNs) {
        if (number != lastNumber) {
            othersSeen = lastNumber >= 0;
            lastOtherNs = nowNs;
            lastNumber = number;
        }
        if (remaining == 0) {
            return false;
        }
        remaining--;
        if (runs.get(number) != run || generations.get(number) != stations.generation(number)) {
            begin(number);
        }
        return taken.add(number, 1) > grants.get(number) && contended(nowNs);
    }

    private void begin(int number) {
        boolean same = generations.get(number) == stations.generation(number);
        int granted = Math.min(grants.get(number), full);
        int grant;
        if (!same || run - runs.get(number) > 1) { // was quiet in between
            grant = full;
        } else if (taken.get(number) > full) {
            grant = Math.max(1, granted / 2);
        } else {
            grant = Math.min(full, 2 * granted);
        }
        grants.set(number, grant);
        generations.set(number, stations.generation(number));
        runs.set(number, run);
        taken.set(number, 0);
    }

    /** Whether a station that has so many in progress must leave the slots to others. */
    boolean crowds(int number, int freeSlots, long nowNs) {
        return stations.inProgress(number) > 2 * freeSlots && contended(nowNs);
    }

    /** More than one station has been heard of late. */
    boolean contended(long nowNs) {
        return othersSeen && nowNs - lastOtherNs < MEMORY_NS;
    }
}
