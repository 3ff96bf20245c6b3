// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.ReserveFrame;

/** The ATA part of {@link HostileInputTest}'s list: 22 to 32. */
class HostileAtaInputTest {
    private static final int SECTORS = TargetRig.SECTORS;
    private static final long STRANGER = 0x0200_0000_0099L;
    private static final List<Integer> READS = List.of(AtaFrame.READ, AtaFrame.READ_EXT);
    private static final List<Integer> WRITES = List.of(AtaFrame.WRITE, AtaFrame.WRITE_EXT);
    private final MemoryStore store = MemoryStore.heap(SECTORS);
    private final TargetRig rig = new TargetRig(store);

    @Test
    void hostile22_aReadIsServedIfItFitsTheMtuAndElseAborted() {
        TargetRig wide = TargetRig.withMtu(1558); // advertises 2 sectors, has room for 3
        wide.expectAta(Request.ata(AtaFrame.READ_EXT, 3, 0), 0x40, 0);
        ByteBuffer answer = wide.expectAta(Request.ata(AtaFrame.READ_EXT, 4, 0), 0x41, 0x04);
        assertEquals(4, AtaFrame.sectorCount(answer, 0));
        wide.port.mtuBytes = 500;
        wide.expectAta(Request.ata(AtaFrame.IDENTIFY, 1, 0), 0x41, 0x04);
    }

    @Test
    void hostile22_theMtuMayGrowNoFurtherThanTheSlots() {
        TargetRig grown = TargetRig.withMtu(1500); // slots of 4096 bytes
        grown.port.mtuBytes = 9000;
        grown.expectAta(Request.ata(AtaFrame.READ_EXT, 7, 0), 0x40, 0);
        grown.expectAta(Request.ata(AtaFrame.READ_EXT, 8, 0), 0x41, 0x04);
    }

    @Test
    void hostile23_countZeroSucceedsWithoutData() {
        for (int opcode : new int[] {0x20, 0x24, 0x30, 0x34}) {
            ByteBuffer answer = rig.expectAta(Request.ata(opcode, 0, 0), 0x40, 0);
            assertEquals(60, answer.capacity());
        }
    }

    @Test
    void hostile24_anythingPastTheEndIsNotFound() {
        long[] starts = {SECTORS, SECTORS + 1L, 1L << 28, 1L << 32, (1L << 48) - 1, 1L << 47};
        for (long lba : starts) {
            rig.expectAta(Request.ata(AtaFrame.READ_EXT, 1, lba), 0x41, 0x10);
            rig.expectAta(Request.ata(AtaFrame.WRITE_EXT, 1, lba).length(548), 0x41, 0x10);
        }
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 2, SECTORS - 1), 0x41, 0x10);
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 255, SECTORS - 1), 0x41, 0x10);
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 1, SECTORS - 1), 0x40, 0);
        assertEquals(SECTORS, store.sectors());
    }

    @Test
    void hostile24_a48BitAddressInA28BitCommandIsNotFound() {
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 1L << 32), 0x41, 0x10);
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 1L << 47), 0x41, 0x10);
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 1L << 27), 0x41, 0x10);
    }

    @Test
    void hostile24_theDeviceBitsOfA28BitCommandAreNoAddress() {
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0xe000_0001L), 0x40, 0);
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0xa000_0001L), 0x40, 0);
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 1, 0xe000_0001L), 0x41, 0x10);
    }

    @Test
    void hostile24_aStoreThatShrankIsNotReadPastItsEnd() {
        store.resize(10);
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 2, 9), 0x41, 0x10);
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 2, 8), 0x40, 0);
    }

    @Test
    void hostile25_aWriteOneByteShortIsAbortedAndNothingIsWritten() {
        byte[] before = Patterns.random(3, 1024);
        new StoreDriver(store).write(0, before);
        for (int opcode : WRITES) {
            for (int length : new int[] {36, 60, 36 + 512, 36 + 1023}) {
                Request cut = Request.ata(opcode, 2, 0).length(length);
                ByteBuffer answer = rig.expectAta(cut, 0x41, 0x04);
                assertEquals(2, AtaFrame.sectorCount(answer, 0));
            }
        }
        assertArrayEquals(before, new StoreDriver(store).read(0, 2));
    }

    @Test
    void hostile26_bytesBehindWhatIsNeededAreIgnored() {
        rig.expectAta(Request.ata(AtaFrame.READ_EXT, 2, 0).length(1060), 0x40, 0);
        rig.expectAta(Request.ata(AtaFrame.IDENTIFY, 1, 0).length(1060), 0x40, 0);
        byte[] data = Patterns.random(4, 1024);
        Request longWrite = Request.ata(AtaFrame.WRITE_EXT, 1, 5).append(data);
        rig.expectAta(longWrite, 0x40, 0);
        assertArrayEquals(Patterns.random(4, 512), new StoreDriver(store).read(5, 1));
        assertArrayEquals(new byte[512], new StoreDriver(store).read(6, 1));
    }

    @Test
    void hostile27_theOpcodeDecidesAndContradictingFlagsAreCounted() {
        byte[] data = Patterns.random(5, 512);
        Request write = Request.ata(AtaFrame.WRITE, 1, 7).append(data);
        ByteBuffer answer =
                rig.expectAta(write.with(AtaFrame.FLAGS_OFFSET, AtaFrame.FLAG_EXTENDED), 0x40, 0);
        assertEquals(60, answer.capacity());
        assertArrayEquals(data, new StoreDriver(store).read(7, 1));
        Request read = Request.ata(AtaFrame.READ_EXT, 1, 7).with(AtaFrame.FLAGS_OFFSET, 1);
        assertArrayEquals(data, TargetRig.data(rig.expectAta(read, 0x40, 0)));
        assertEquals(2, rig.counters.value(Counter.FLAG_MISMATCHES));
        rig.ask(Request.ata(AtaFrame.READ, 1, 7));
        rig.ask(Request.write(7, data));
        assertEquals(2, rig.counters.value(Counter.FLAG_MISMATCHES));
    }

    @Test
    void hostile27_onlyDefinedFlagsComeBack() {
        Request read = Request.ata(AtaFrame.READ_EXT, 1, 0).with(AtaFrame.FLAGS_OFFSET, 0xff);
        assertEquals(0x53, AtaFrame.flags(rig.expectAta(read.with(34, 0xff), 0x40, 0), 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 255})
    void hostile28_identifyAndCheckPowerModeIgnoreTheCount(int count) {
        ByteBuffer page = rig.expectAta(Request.ata(AtaFrame.IDENTIFY, count, 0), 0x40, 0);
        assertEquals(548, page.capacity());
        assertEquals(0, AtaFrame.sectorCount(page, 0));
        ByteBuffer power = rig.expectAta(Request.ata(AtaFrame.CHECK_POWER_MODE, count, 0), 0x40, 0);
        assertEquals(0xff, AtaFrame.sectorCount(power, 0));
        assertEquals(60, power.capacity());
    }

    @Test
    void hostile29_everyOtherOpcodeIsAbortedWithoutSideEffects() {
        List<Integer> served = List.of(0x20, 0x24, 0x30, 0x34, 0xe5, 0xe7, 0xea, 0xec);
        byte[] before = Patterns.random(6, 4096);
        new StoreDriver(store).write(0, before);
        for (int opcode = 0; opcode < 256; opcode++) {
            if (!served.contains(opcode)) {
                rig.expectAta(Request.ata(opcode, 1, 0).length(1060), 0x41, 0x04);
            }
        }
        assertArrayEquals(before, new StoreDriver(store).read(0, 8));
    }

    @Test
    void hostile30_writesToAReadOnlyExportAreAbortedBeforeTheStoreIsTouched() {
        HeldStore readOnly = HeldStore.readOnly(16);
        TargetRig export = new TargetRig(readOnly);
        for (int opcode : WRITES) {
            export.expectAta(Request.ata(opcode, 1, 0).length(548), 0x41, 0x04);
            export.expectAta(Request.ata(opcode, 0, 0), 0x41, 0x04);
        }
        assertEquals(0, readOnly.submitted());
    }

    @Test
    void hostile31_aReservationKeepsOthersOutButForIdentify() {
        rig.ask(Request.reserve(ReserveFrame.SET, GoldenFrames.CLIENT));
        for (int opcode = 0; opcode < 256; opcode++) {
            Request request = Request.ata(opcode, 1, 0).length(548).from(STRANGER);
            if (opcode != AtaFrame.IDENTIFY) {
                rig.expectError(request, AoeError.TARGET_RESERVED);
            }
        }
        rig.expectAta(Request.ata(AtaFrame.IDENTIFY, 1, 0).from(STRANGER), 0x40, 0);
        rig.expectAta(Request.write(0, new byte[512]), 0x40, 0);
        assertEquals(1, rig.counters.value(Counter.WRITES));
    }

    @Test
    void hostile32_aFrameIdenticalToOneInProgressIsDropped() {
        HeldStore held = new HeldStore(16);
        TargetRig busy = new TargetRig(held);
        byte[] read = Request.ata(READS.get(0), 1, 3).tag(77).bytes();
        busy.receive(read);
        busy.expectSilence(Request.ata(READS.get(0), 1, 3).tag(77), Counter.DUPLICATE_DROPS);
        busy.receive(Request.ata(READS.get(0), 1, 3).tag(77).from(STRANGER).bytes());
        busy.receive(Request.ata(READS.get(0), 1, 3).tag(78).bytes());
        assertEquals(3, held.submitted());
        held.completeAll();
        assertEquals(3, busy.sent().size());
        busy.receive(read);
        assertEquals(4, held.submitted());
    }
}
