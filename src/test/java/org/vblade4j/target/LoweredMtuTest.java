// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.GoldenFrames;

/** Reads that fitted when they were sent: waited for at first, then refused. */
class LoweredMtuTest {
    private static final TargetSettings SETTINGS =
            new TargetSettings(new AoeAddress(1, 1), 16, List.of(), TargetRig.IDENTITY);

    private long nowNs;
    private final Stations stations = new Stations(new long[0], () -> nowNs);
    private final HeldStore store = new HeldStore(TargetRig.SECTORS);
    private final FakePort port = new FakePort(GoldenFrames.TARGET, 9000, 32);
    private final TargetRig rig = new TargetRig(store, port, SETTINGS, stations);

    private void ask(int sectors) {
        rig.receive(Request.ata(AtaFrame.READ_EXT, sectors, 0).bytes());
        store.completeAll();
    }

    private void expectSilence(int sectors) {
        ask(sectors);
        assertEquals(List.of(), rig.sent());
        assertEquals(0, port.claimed);
        assertTrue(rig.target.idle());
    }

    private void expect(int sectors, int status) {
        ask(sectors);
        byte[] answer = rig.sent().get(0);
        assertEquals(status, answer[AtaFrame.COMMAND_STATUS_OFFSET] & 0xff);
    }

    @Test
    void whatFittedAMomentAgoIsLeftUnansweredAndServedWhenTheMtuIsBack() {
        expect(17, 0x40);
        port.mtuBytes = 1500;
        expectSilence(17);
        expect(2, 0x40);
        nowNs += AnswerRoom.PATIENCE_NS - 1;
        expectSilence(17);
        port.mtuBytes = 9000;
        expect(17, 0x40);
        assertEquals(2, rig.counters.value(Counter.STALLED_DROPS));
    }

    @Test
    void afterSomeTimeItIsAnError() {
        expect(17, 0x40);
        port.mtuBytes = 1500;
        expectSilence(17);
        nowNs += AnswerRoom.PATIENCE_NS;
        expect(17, 0x41);
        assertEquals(1, rig.counters.value(Counter.ATA_ERRORS));
    }

    @Test
    void whatNeverFittedIsAnErrorAtOnce() {
        port.mtuBytes = 4000;
        expect(7, 0x40);
        port.mtuBytes = 1500;
        expectSilence(7);
        expect(17, 0x41);
    }

    @Test
    void anMtuThatFallsTwiceIsRememberedFromBeforeTheFirst() {
        expect(17, 0x40);
        port.mtuBytes = 4000;
        expect(7, 0x40);
        nowNs += AnswerRoom.PATIENCE_NS / 2;
        port.mtuBytes = 1500;
        expect(2, 0x40);
        expectSilence(17);
        nowNs += AnswerRoom.PATIENCE_NS;
        expect(17, 0x41);
    }

    @Test
    void aReadInProgressMeanwhileIsAskedForAgain() {
        rig.receive(Request.ata(AtaFrame.READ_EXT, 17, 0).bytes());
        assertEquals(List.of(), rig.sent());
        port.mtuBytes = 1500;
        store.completeAll();
        assertEquals(List.of(), rig.sent());
        assertEquals(0, rig.counters.value(Counter.READS));
        assertTrue(rig.target.idle());
    }

    @Test
    void anInterfaceMadeAnewIsForgivenToo() {
        expect(17, 0x40);
        FakePort anew = new FakePort(GoldenFrames.TARGET, 1500, 32);
        TargetRig next =
                new TargetRig(MemoryStore.heap(TargetRig.SECTORS), anew, SETTINGS, stations);
        next.receive(Request.ata(AtaFrame.READ_EXT, 17, 0).bytes());
        assertEquals(List.of(), next.sent());
        Counters counters = next.counters;
        assertEquals(1, counters.value(Counter.STALLED_DROPS));
    }
}
