// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The stations that a target has heard from, each with a number of its own for as long as it has a
 * place, in tables of limited size. It outlives the target, as {@link TargetState} does. Worker
 * thread only, except {@link #activities}.
 *
 * <p>Stations that the operator has named keep their places. Of the others the one that was silent
 * longest, of a few looked at by chance, makes room for a new one, but only when it has been silent
 * for a second; one that is at work must have been silent for a minute. When nobody can make room,
 * newcomers share one number, {@link #STRANGERS}, and what is granted to it. So a host that invents
 * addresses wears out that one place and displaces nobody who works.
 */
public final class Stations {
    /** The party of all that are neither named nor at work. */
    static final int UNKNOWN = 0;

    /** The party of all that are at work and not named. */
    static final int AT_WORK = 1;

    /** The number of those for whom there is no place. */
    static final int STRANGERS = 0;

    private static final int PLACES = 1024;
    private static final int LOOKED_AT = 8;
    private static final long SILENT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long KNOWN_AFTER_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long KNOWN_SILENT_NS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier clockNs;
    private final SplittableRandom random = new SplittableRandom();
    private final MacTable numbers = new MacTable();
    private final StationLedger ledger = new StationLedger();
    private final AnswerRoom room = new AnswerRoom();
    private final int firstPlace;
    private final StationInts inProgress = new StationInts(0);
    private final StationInts generations = new StationInts(0);
    private int placesUsed;
    private long lastMac;
    private int lastNumber = STRANGERS;

    /** Where no station is named, with the system's clock. */
    public Stations() {
        this(new long[0], System::nanoTime);
    }

    /**
     * @param named stations that always have a place
     * @param clockNs a monotonic clock in nanoseconds
     */
    public Stations(long[] named, LongSupplier clockNs) {
        this.clockNs = clockNs;
        firstPlace = 1 + named.length;
        for (int i = 0; i < named.length; i++) {
            numbers.put(named[i], 1 + i);
        }
    }

    /** What each station has done, in no order. Any thread. */
    public List<StationActivity> activities() {
        return ledger.activities(clockNs.getAsLong());
    }

    /** What answers to them can carry. */
    AnswerRoom room() {
        return room;
    }

    long nowNs() {
        return clockNs.getAsLong();
    }

    /** The number of the station that a frame came from now. */
    int heardFrom(long mac, long nowNs) {
        int number = mac == lastMac ? lastNumber : find(mac, nowNs);
        lastMac = mac;
        lastNumber = number;
        if (ledger.used(number)) {
            ledger.seen(number, nowNs);
        } else {
            ledger.open(number, number == STRANGERS ? 0 : mac, nowNs);
        }
        return number;
    }

    private int find(long mac, long nowNs) {
        int number = numbers.get(mac);
        if (number != MacTable.ABSENT) {
            return number;
        }
        number = freePlace(nowNs);
        if (number != STRANGERS) {
            numbers.put(mac, number);
            ledger.open(number, mac, nowNs);
            generations.add(number, 1);
        }
        return number;
    }

    private int freePlace(long nowNs) {
        if (placesUsed < PLACES) {
            return firstPlace + placesUsed++;
        }
        int longest = STRANGERS;
        for (int i = 0; i < LOOKED_AT; i++) {
            int candidate = firstPlace + random.nextInt(PLACES);
            if (replaceable(candidate, nowNs)
                    && (longest == STRANGERS
                            || ledger.lastSeenNs(candidate) - ledger.lastSeenNs(longest) < 0)) {
                longest = candidate;
            }
        }
        if (longest != STRANGERS) {
            numbers.remove(ledger.mac(longest));
        }
        return longest;
    }

    private boolean replaceable(int number, long nowNs) {
        long lastNs = ledger.lastSeenNs(number);
        return inProgress.get(number) == 0
                && nowNs - lastNs >= (atWork(number) ? KNOWN_SILENT_NS : SILENT_NS);
    }

    /** It has a place, and has read or written, and did not come a moment ago. */
    private boolean atWork(int number) {
        return number != STRANGERS
                && ledger.lastSeenNs(number) - ledger.firstSeenNs(number) >= KNOWN_AFTER_NS
                && ledger.hasUsedTheDisk(number);
    }

    /**
     * With whom a station shares what is granted to many together: who is named with nobody, who is
     * at work with the others at work, and all that may be forged with each other.
     */
    int party(int number) {
        if (number != STRANGERS && number < firstPlace) {
            return AT_WORK + number;
        }
        return atWork(number) ? AT_WORK : UNKNOWN;
    }

    /** Changes when the number is another station's. */
    int generation(int number) {
        return generations.get(number);
    }

    void count(int number, int column, long amount) {
        ledger.add(number, column, amount);
    }

    int inProgress(int number) {
        return inProgress.get(number);
    }

    void started(int number) {
        inProgress.add(number, 1);
    }

    void finished(int number) {
        inProgress.add(number, -1);
    }
}
