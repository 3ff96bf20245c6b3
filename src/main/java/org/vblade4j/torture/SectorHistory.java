// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * What has happened to one sector as far as it matters, and whether a disk may have behaved so.
 * Moments are numbers that only grow; no two events share one. Whoever feeds a history decides what
 * is assumed, by the moments that bound a {@link WriteCopy} and an {@link Observation}.
 *
 * <p>The rule. A read that was asked for at <i>b</i>, answered at <i>e</i> and returned <i>v</i>
 * found <i>v</i> at some moment between, left there by some copy of <i>v</i>. That copy was sent
 * before <i>e</i>. And no observation of another value may lie wholly between the last moment at
 * which the copy can have taken effect and <i>b</i>: the sector held the other value then, and only
 * another copy of <i>v</i> can have brought <i>v</i> back. A read that no copy of its value
 * explains is a contradiction. Each condition is necessary for any order of effects whatever, so
 * what is found is never false as long as the moments are right; what needs the combination of
 * several reads' possible orders to be seen is missed.
 *
 * <p>A read that is explained is itself an observation: the sector held its value not before the
 * first of the copies that explain it. An observation that becomes known late, as when writes are
 * known to take effect in the order in which they were sent, is held against the reads before.
 */
final class SectorHistory {
    /** So many entries more than what was needed the last time are kept. */
    private static final int SPARE = 12;

    /** Copies of writes nobody answered that are remembered one by one. */
    private static final int MAX_PENDING = 32;

    private final List<WriteCopy> copies = new ArrayList<>(4);
    private final List<Observation> observations = new ArrayList<>(4);

    /** Values up to here may have copies that were forgotten and take effect at any time. */
    private long forgotten = Long.MIN_VALUE;

    /** Reads that were asked for earlier may have lost the copies that explain them. */
    private long checkedFrom = Long.MIN_VALUE;

    private int limit = SPARE;

    /** A write was transmitted; in the order of sending. */
    void sent(WriteCopy copy) {
        copies.add(copy);
    }

    private boolean canBeChecked(Observation observation) {
        return observation.read()
                && observation.asked() >= checkedFrom
                && observation.value() > forgotten;
    }

    /**
     * A write is known to have taken effect.
     *
     * @return null, or what an earlier read should not have found
     */
    Contradiction written(Observation written) {
        for (Observation observation : observations) {
            if (canBeChecked(observation)
                    && observation.value() != written.value()
                    && observation.asked() > written.end()
                    && explanation(observation, written) == WriteCopy.NEVER) {
                return contradiction(observation, written);
            }
        }
        observations.add(written);
        return null;
    }

    /**
     * A read was answered.
     *
     * @param asked when it was sent
     * @param ended when its answer was there
     * @return null when a disk may answer so
     */
    Contradiction read(long value, long asked, long ended, Object origin) {
        Observation read = new Observation(value, asked, asked, ended, true, origin);
        Observation floor = floor(read);
        long since = explanation(read, floor);
        if (value <= forgotten) {
            observations.add(read);
        } else if (since != WriteCopy.NEVER) {
            long begin = Math.max(asked, since);
            observations.add(new Observation(value, asked, begin, ended, true, origin));
        } else {
            return contradiction(read, floor);
        }
        return null;
    }

    /** The latest proof that the sector held another value before the read. */
    private Observation floor(Observation read) {
        Observation floor = null;
        for (Observation other : observations) {
            if (other.value() != read.value()
                    && other.end() < read.asked()
                    && (floor == null || other.begin() > floor.begin())) {
                floor = other;
            }
        }
        return floor;
    }

    /**
     * When the first copy was sent that explains the read; {@link WriteCopy#NEVER} if none does.
     */
    private long explanation(Observation read, Observation floor) {
        for (WriteCopy copy : copies) {
            if (copy.value == read.value()
                    && copy.sent <= read.end()
                    && (floor == null || copy.latest() >= floor.begin())) {
                return copy.sent;
            }
        }
        return WriteCopy.NEVER;
    }

    private Contradiction contradiction(Observation read, Observation floor) {
        List<WriteCopy> writers =
                writers(read.value()).stream().filter(copy -> copy.sent <= read.end()).toList();
        return new Contradiction(read, writers, floor);
    }

    /** The copies of writes of a value that are remembered. */
    List<WriteCopy> writers(long value) {
        return copies.stream().filter(copy -> copy.value == value).toList();
    }

    /** True when it is time to {@link #forget}. */
    boolean crowded() {
        return copies.size() + observations.size() > limit;
    }

    /**
     * Drops what can decide nothing any more. Of writes that may still take effect at any time only
     * the latest are kept; the values of the others are believed from then on.
     *
     * @param oldestAsked no read that is still to come was asked for before
     */
    void forget(long oldestAsked) {
        Observation latest = null;
        Observation second = null; // of another value than the latest
        for (Observation one : observations) {
            if (one.end() < oldestAsked && (latest == null || one.begin() > latest.begin())) {
                second = latest == null || latest.value() == one.value() ? second : latest;
                latest = one;
            } else if (one.end() < oldestAsked
                    && one.value() != latest.value()
                    && (second == null || one.begin() > second.begin())) {
                second = one;
            }
        }
        if (second != null) {
            checkedFrom = oldestAsked;
            drop(latest, second, oldestAsked);
        }
        forgetPending();
        limit = SPARE + copies.size() + observations.size();
    }

    private void drop(Observation latest, Observation second, long oldestAsked) {
        observations.removeIf(one -> one.end() < oldestAsked && one.begin() < second.begin());
        copies.removeIf(
                copy -> {
                    boolean last = copy.value == latest.value();
                    return copy.latest() < (last ? second : latest).begin();
                });
    }

    private void forgetPending() {
        int surplus = -MAX_PENDING;
        for (WriteCopy copy : copies) {
            surplus += copy.latest() == WriteCopy.NEVER ? 1 : 0;
        }
        for (int i = 0; surplus > 0; i++) {
            WriteCopy copy = copies.get(i);
            if (copy.latest() == WriteCopy.NEVER) {
                forgotten = Math.max(forgotten, copy.value);
                copies.remove(i--);
                surplus--;
            }
        }
    }
}
