// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

class MaskAndReserveTest {
    private static final long A = GoldenFrames.CLIENT;
    private static final long B = 0x0200_0000_000bL;
    private static final long C = 0x0200_0000_000cL;
    private final TargetRig rig = new TargetRig();

    @Test
    void everyAddedStationIsHeardAndNoOther() {
        rig.ask(Request.maskEdit(3).directive(1, A).directive(1, B).directive(1, C));
        for (long mac : new long[] {A, B, C}) {
            rig.ask(Request.config(ConfigFrame.READ, "").from(mac));
        }
        rig.expectSilence(
                Request.config(ConfigFrame.READ, "").from(0x0200_0000_000dL), Counter.MASKED_DROPS);
        assertEquals(List.of(A, B, C), rig.maskList());
    }

    @Test
    void deletingFromTheMiddleKeepsTheRestInOrder() {
        rig.ask(Request.maskEdit(3).directive(1, A).directive(1, B).directive(1, C));
        ByteBuffer answer = rig.ask(Request.maskEdit(1).directive(2, B));
        assertEquals(MaskFrame.EDIT, MaskFrame.operation(answer, 0));
        assertEquals(2, MaskFrame.count(answer, 0));
        assertEquals(MaskFrame.DIRECTIVE_NONE, MaskFrame.directive(answer, 0, 1));
        assertEquals(List.of(A, C), rig.maskList());
    }

    @Test
    void allowedMacsAreTheFirstMaskList() {
        TargetRig masked = new TargetRig(MemoryStore.heap(8), A, B, A);
        assertEquals(List.of(A, B), masked.maskList());
    }

    @Test
    void aListThatOneAnswerCannotCarryIsNotCutShort() {
        long[] macs = LongStream.range(0, 255).map(i -> A + i).toArray();
        TargetRig masked = new TargetRig(MemoryStore.heap(8), macs);
        masked.expectError(Request.maskRead(), AoeError.DEVICE_UNAVAILABLE);
        masked.ask(Request.config(ConfigFrame.READ, "").from(A + 254));
    }

    @Test
    void unknownMaskOperationsAreBadArguments() {
        for (int operation = 2; operation < 256; operation++) {
            rig.expectError(Request.mask(operation, 0), AoeError.BAD_ARGUMENT);
        }
    }

    @Test
    void settingsRefuseWhatAListCannotHold() {
        for (List<Long> macs : List.of(List.of(0L), List.of(0xffff_ffff_ffffL))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new TargetSettings(new AoeAddress(1, 1), 16, macs, TargetRig.IDENTITY));
        }
    }

    @Test
    void nobodyButStationsCanBeOnAList() {
        for (long mac : new long[] {0, 0xffff_ffff_ffffL, 0x0100_5e00_0001L}) {
            for (int operation : new int[] {ReserveFrame.SET, ReserveFrame.FORCE_SET}) {
                rig.expectError(Request.reserve(operation, A, mac), AoeError.BAD_ARGUMENT);
            }
            ByteBuffer answer = rig.ask(Request.maskEdit(1).directive(1, mac));
            assertEquals(MaskFrame.ERROR_BAD_DIRECTIVE, MaskFrame.error(answer, 0));
        }
        assertEquals(List.of(), rig.reservation());
        assertEquals(List.of(), rig.maskList());
    }

    @Test
    void onlyAHolderMayReplaceOrReleaseAReservation() {
        rig.ask(Request.reserve(ReserveFrame.SET, A, B));
        ByteBuffer refused =
                rig.expectError(
                        Request.reserve(ReserveFrame.SET, C).from(C), AoeError.TARGET_RESERVED);
        assertEquals(List.of(A, B), TargetRig.reservation(refused));
        rig.ask(Request.reserve(ReserveFrame.SET, B).from(B));
        assertEquals(List.of(B), rig.reservation());
        rig.expectError(Request.reserve(ReserveFrame.SET).from(A), AoeError.TARGET_RESERVED);
        rig.ask(Request.reserve(ReserveFrame.SET).from(B));
        assertEquals(List.of(), rig.reservation());
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0), 0x40, 0);
    }

    @Test
    void aForcedReservationReplacesAnyOther() {
        rig.ask(Request.reserve(ReserveFrame.SET, A));
        rig.ask(Request.reserve(ReserveFrame.FORCE_SET, C).from(C));
        assertEquals(List.of(C), rig.reservation());
        rig.expectError(Request.ata(AtaFrame.FLUSH, 0, 0), AoeError.TARGET_RESERVED);
    }

    @Test
    void whoDoesNotHoldAReservationMayStillAskForEverythingElse() {
        rig.ask(Request.reserve(ReserveFrame.SET, C));
        rig.ask(Request.config(ConfigFrame.FORCE_SET, "x"));
        rig.ask(Request.maskRead());
        rig.ask(Request.reserve(ReserveFrame.READ));
    }
}
