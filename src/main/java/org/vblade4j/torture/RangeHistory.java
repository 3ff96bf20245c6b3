// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The histories of all sectors of a range, and what was found in them: of each sector only the
 * first, because what is wrong with a sector stays so until it is written again.
 *
 * <p>What is taken for certain. A copy of a write takes effect not before it was sent. If it is the
 * only copy of its tag, it does not take effect after its answer; of several copies under one tag
 * nobody knows which one an answer is for, so each may take effect at any later time, as may a copy
 * that is not answered, or with an error (a part of it may be done, or be still to come). An answer
 * without an error says that one of the copies sent under its tag by then has taken effect. With
 * {@link TorturePlan#inOrder} every copy takes effect at its place in the order of sending, or
 * never.
 */
final class RangeHistory {
    private final TorturePlan plan;
    private final long run;
    private final SectorHistory[] sectors;
    private final BitSet found;
    private final List<Finding> findings = new ArrayList<>();
    private long checkedSectors;

    /**
     * @param run the upper 32 bits of all operations' numbers
     */
    RangeHistory(TorturePlan plan, long run) {
        this.plan = plan;
        this.run = run;
        sectors = new SectorHistory[plan.sectors()];
        for (int i = 0; i < sectors.length; i++) {
            sectors[i] = new SectorHistory();
        }
        found = new BitSet(sectors.length);
    }

    List<Finding> findings() {
        return findings;
    }

    long checkedSectors() {
        return checkedSectors;
    }

    /**
     * A write is being sent, once more or for the first time.
     *
     * @param moment now
     * @param oldestAsked when the first of the reads that may still be answered was sent
     */
    void sent(Request request, long moment, long oldestAsked) {
        long latest = plan.inOrder() ? moment : WriteCopy.NEVER;
        WriteCopy copy = new WriteCopy(request.operation.id, moment, latest, request);
        if (request.copies == 0) {
            request.firstCopy = copy;
        }
        for (int i = 0; i < request.operation.sectors; i++) {
            SectorHistory history = history(request, i);
            history.sent(copy);
            if (history.crowded()) {
                history.forget(oldestAsked);
            }
        }
    }

    /** The first answer to a write has come, without an error. */
    void written(Request request) {
        if (request.copies == 1) {
            request.firstCopy.endedBy(request.answered);
        }
        long end = plan.inOrder() ? request.lastSent : request.answered;
        Observation written =
                Observation.written(request.operation.id, request.firstSent, end, request);
        for (int i = 0; i < request.operation.sectors; i++) {
            Contradiction contradiction = history(request, i).written(written);
            if (contradiction != null) {
                Findings.add(this, request.operation.lba + i, contradiction);
            }
        }
    }

    /**
     * A read was answered with data.
     *
     * @param at where its first sector starts
     * @param moment now
     * @param oldestAsked when the first of the reads that may still be answered was sent
     */
    void read(Request request, ByteBuffer buffer, int at, long moment, long oldestAsked) {
        for (int i = 0; i < request.operation.sectors; i++) {
            checkedSectors++;
            long lba = request.operation.lba + i;
            SectorHistory history = history(request, i);
            int offset = at + i * StampedSectors.BYTES;
            long id = StampedSectors.id(buffer, offset, lba);
            if (id >>> 32 != run) {
                Findings.add(this, lba, request, moment, buffer, offset);
            } else {
                Contradiction contradiction = history.read(id, request.firstSent, moment, request);
                if (contradiction != null) {
                    Findings.add(this, lba, contradiction);
                }
            }
            if (history.crowded()) {
                history.forget(oldestAsked);
            }
        }
    }

    private SectorHistory history(Request request, int index) {
        return sectors[(int) (request.operation.lba - plan.firstLba()) + index];
    }

    /** All that is remembered of who wrote a value to a sector; none for one outside the range. */
    List<WriteCopy> writers(long lba, long value) {
        long index = lba - plan.firstLba();
        return index < 0 || index >= sectors.length
                ? List.of()
                : sectors[(int) index].writers(value);
    }

    void add(Finding finding) {
        int index = (int) (finding.lba() - plan.firstLba());
        if (!found.get(index)) {
            found.set(index);
            findings.add(finding);
        }
    }
}
