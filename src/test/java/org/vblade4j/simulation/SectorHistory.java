// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * All that happened to one sector, and whether a disk may have behaved so. Moments are numbers that
 * only grow. Writes count in the order in which they reached the target: that is the order they
 * must take effect in, so that the late copy of an old write never undoes a newer one.
 */
final class SectorHistory {
    static final long NEVER = Long.MAX_VALUE;

    /** What has become of a write. */
    enum Outcome {
        /** No answer: it may have been carried out or not. */
        UNKNOWN,
        DONE,
        /** Answered with an error of the disk: it may be seen, and be gone again. */
        FAILED,
        /** Answered with another error: it must not be seen. */
        REFUSED
    }

    /** A write of one sector as the target saw it. */
    static final class Write {
        final long id;
        final long arrived;
        long answered = NEVER;
        Outcome outcome = Outcome.UNKNOWN;

        /**
         * Done or not, it may not be there: power was cut, or it is not known which copy was done.
         */
        boolean doubtful;

        Write(long id, long arrived) {
            this.id = id;
            this.arrived = arrived;
        }

        @Override
        public String toString() {
            return id + "@" + arrived + " " + outcome;
        }
    }

    /**
     * @param began when it was asked for
     * @param ended when its answer was there
     * @param atTarget seen where it was carried out, not from afar
     * @param until no write that came then or later may be seen
     */
    private record Read(long id, long began, long ended, boolean atTarget, long until) {}

    private final List<Write> writes = new ArrayList<>();
    private final List<Read> reads = new ArrayList<>();
    private long cutMoment = -1;
    private String firstFault;

    SectorHistory() {
        Write zeros = new Write(0, -1);
        zeros.answered = -1;
        zeros.outcome = Outcome.DONE;
        writes.add(zeros);
    }

    Write arrived(long id, long moment) {
        Write write = new Write(id, moment);
        writes.add(write);
        return write;
    }

    /** The one that arrived last had no effect. */
    void dropLast() {
        writes.remove(writes.size() - 1);
    }

    /** A read seen where it was carried out; what came after it must not be seen. */
    void read(long id, long began, long lastCopy, long ended) {
        reads.add(new Read(id, began, ended, true, lastCopy));
    }

    /** A read seen from afar. */
    void readFromAfar(long id, long began, long ended) {
        reads.add(new Read(id, began, ended, false, ended));
    }

    /** Whether a write with the number was done in the time. */
    boolean done(long id, long from, long to) {
        return writes.stream()
                .anyMatch(
                        write ->
                                write.id == id
                                        && write.outcome == Outcome.DONE
                                        && write.answered >= from
                                        && write.arrived <= to);
    }

    /**
     * The power was cut: what was not on the medium may be there or not, but is one of the two from
     * then on.
     *
     * @param durable whether all that was answered is on the medium
     * @param flushedMoment else what had arrived before is, if it was done
     * @param lossy as for {@link #fault}
     */
    void cut(long moment, boolean durable, long flushedMoment, boolean lossy) {
        firstFault = fault(lossy);
        reads.clear();
        cutMoment = moment;
        for (Write write : writes) {
            write.doubtful |= !durable && write.arrived >= flushedMoment;
        }
    }

    /**
     * Null when everything read was right; otherwise what was not.
     *
     * @param lossy whether something was lost that was never answered as done: it may have been
     *     seen before
     */
    String fault(boolean lossy) {
        return firstFault != null ? firstFault : faultSinceCut(lossy);
    }

    private String faultSinceCut(boolean lossy) {
        reads.sort((a, b) -> Long.compare(a.began, b.began));
        int[] seen = new int[reads.size()];
        for (int i = 0; i < seen.length; i++) {
            Read read = reads.get(i);
            int least = least(read);
            for (int j = 0; j < i; j++) {
                if (reads.get(j).ended < read.began && stays(reads.get(j), seen[j], lossy)) {
                    least = Math.max(least, seen[j]);
                }
            }
            seen[i] = find(read, least);
            if (seen[i] < 0) {
                return "a read, moments %d to %d, found write %d; the oldest it may find is %d of %s"
                        .formatted(read.began, read.ended, read.id, writes.get(least).id, writes);
            }
        }
        return null;
    }

    /** Whether what one read saw is there for all that follow. */
    private boolean stays(Read read, int seen, boolean lossy) {
        Outcome outcome = writes.get(seen).outcome;
        return read.began > cutMoment
                && (outcome == Outcome.DONE || (outcome == Outcome.UNKNOWN && !lossy));
    }

    /** The last write that must be visible. From afar it must have been answered before. */
    private int least(Read read) {
        int least = 0;
        for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            long since = read.atTarget ? write.arrived : write.answered;
            if (write.outcome == Outcome.DONE && !write.doubtful && since < read.began) {
                least = i;
            }
        }
        return least;
    }

    /** The first write from there on with what was read. */
    private int find(Read read, int least) {
        for (int i = least; i < writes.size(); i++) {
            Write write = writes.get(i);
            if (write.id == read.id
                    && write.arrived < read.until
                    && write.outcome != Outcome.REFUSED) {
                return i;
            }
        }
        return -1;
    }
}
