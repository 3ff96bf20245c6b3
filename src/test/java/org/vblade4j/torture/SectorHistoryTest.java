// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories of one sector: those that no disk can have, and those that look so and are not. */
class SectorHistoryTest {
    private static final long A = 1;
    private static final long B = 2;
    private static final long C = 3;

    private final SectorHistory history = new SectorHistory();

    /** Written and answered between the moments. */
    private void write(long value, long sent, long answered) {
        WriteCopy copy = pending(value, sent);
        copy.endedBy(answered);
        assertNull(history.written(Observation.written(value, sent, answered, "")));
    }

    private WriteCopy pending(long value, long sent) {
        WriteCopy copy = new WriteCopy(value, sent, WriteCopy.NEVER, "");
        history.sent(copy);
        return copy;
    }

    /** As when copies take effect in the order of sending. */
    private void ordered(long value, long sent) {
        history.sent(new WriteCopy(value, sent, sent, ""));
    }

    private void fine(long value, long asked, long ended) {
        assertNull(history.read(value, asked, ended, ""));
    }

    private Contradiction wrong(long value, long asked, long ended) {
        Contradiction contradiction = history.read(value, asked, ended, "");
        assertNotNull(contradiction);
        return contradiction;
    }

    @Test
    void aReadFindsTheLastAnsweredWrite() {
        write(A, 1, 2);
        fine(A, 3, 4);
        write(B, 5, 6);
        fine(B, 7, 8);
        Contradiction stale = wrong(A, 9, 10);
        assertEquals(B, stale.overwritten().value());
        assertEquals(List.of(A), stale.copies().stream().map(copy -> copy.value).toList());
    }

    @Test
    void aWriteThatIsAnsweredAndGoneIsFound() {
        write(A, 1, 2);
        write(B, 3, 4);
        wrong(A, 5, 6);
    }

    @Test
    void whatNobodyWroteIsFoundAndWhatIsWrittenOnlyLater() {
        assertNull(wrong(C, 1, 2).overwritten());
        write(A, 3, 4);
        assertEquals(List.of(), wrong(C, 5, 6).copies());
        pending(C, 9);
        assertEquals(List.of(), wrong(C, 7, 8).copies());
        fine(C, 10, 11);
    }

    @Test
    void writesThatOverlapMayTakeEffectInAnyOrder() {
        write(A, 1, 10);
        write(B, 2, 9);
        fine(A, 11, 12);
        wrong(B, 13, 14); // it was A for certain after B was answered
    }

    @Test
    void aReadThatOverlapsAWriteMayFindEither() {
        write(A, 1, 2);
        pending(B, 4);
        fine(A, 3, 6);
        fine(B, 5, 7);
        fine(B, 8, 9);
        wrong(A, 10, 11);
    }

    @Test
    void whatIsNotAnsweredMayTakeEffectAtAnyLaterTime() {
        write(A, 1, 2);
        pending(B, 3);
        write(C, 4, 5);
        fine(C, 6, 7);
        fine(B, 8, 9);
        wrong(A, 10, 11);
        wrong(C, 12, 13);
    }

    @Test
    void aResendIsAWriteOfItsOwn() {
        write(A, 1, 2);
        pending(B, 3);
        write(B, 4, 5); // again
        write(C, 6, 7);
        fine(C, 8, 9);
        fine(B, 10, 11); // the copy nobody answered
        wrong(A, 12, 13);
    }

    @Test
    void twoReadsThatOverlapNoWriteAgree() {
        write(A, 1, 2);
        pending(B, 3);
        fine(B, 4, 5);
        wrong(A, 6, 7);
    }

    @Test
    void readsThatOverlapOneAnotherMayDiffer() {
        write(A, 1, 2);
        pending(B, 3);
        fine(B, 4, 8);
        fine(A, 5, 9);
    }

    @Test
    void inOrderAnUnansweredWriteIsOverOnceALaterOneIsAnswered() {
        ordered(A, 1);
        assertNull(history.written(Observation.written(A, 1, 1, "")));
        ordered(B, 3);
        ordered(C, 4);
        assertNull(history.written(Observation.written(C, 4, 4, "")));
        fine(C, 6, 7);
        wrong(B, 8, 9);
    }

    @Test
    void inOrderAReadMayNotOvertakeAWriteThatIsAnsweredLater() {
        ordered(A, 1);
        assertNull(history.written(Observation.written(A, 1, 1, "")));
        ordered(B, 3);
        fine(A, 4, 5); // the write may have been lost
        Contradiction late = history.written(Observation.written(B, 3, 3, ""));
        assertEquals(A, late.read().value());
        assertEquals(B, late.overwritten().value());
    }

    @Test
    void inOrderAReadMayFindAWriteThatWasSentBehindIt() {
        ordered(A, 1);
        assertNull(history.written(Observation.written(A, 1, 1, "")));
        ordered(B, 4);
        fine(B, 3, 6);
        assertNull(history.written(Observation.written(B, 4, 4, "")));
        wrong(A, 7, 8);
    }

    @Test
    void forgettingKeepsWhatReadsOnTheirWayNeed() {
        for (int i = 0; i < 1000; i++) {
            write(A + i, 10L * i, 10L * i + 1);
            fine(A + i, 10L * i + 2, 10L * i + 3);
            if (history.crowded()) {
                history.forget(10L * i - 5); // one was asked for before the last write
            }
        }
        fine(A + 998, 9985, 9999);
        fine(A + 999, 9986, 9999);
        wrong(A + 997, 9987, 9999);
    }

    @Test
    void ofManyUnansweredWritesTheOldAreBelieved() {
        write(A, 1, 2);
        for (int i = 0; i < 1000; i++) {
            pending(10 + i, 10 + i);
            history.forget(10 + i);
        }
        fine(10, 2000, 2001);
        fine(1009, 2002, 2003);
        wrong(5000, 2004, 2005);
    }
}
