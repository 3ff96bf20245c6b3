// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;

class AsynchronousStoreTest {
    private final HeldStore store = new HeldStore(64);
    private final TargetRig rig = new TargetRig(store);
    private int nextTag = 1;

    private int receive(Request request) {
        int tag = nextTag++;
        rig.receive(request.tag(tag).bytes());
        return tag;
    }

    private ByteBuffer oneAnswer() {
        List<byte[]> sent = rig.sent();
        assertEquals(1, sent.size());
        return ByteBuffer.wrap(sent.get(0));
    }

    @Test
    void aWriteSurvivesTheFrameThatBroughtIt() {
        byte[] data = Patterns.random(1, 1024);
        receive(Request.write(4, data));
        receive(Request.write(8, new byte[1024])); // overwrites the receive buffer
        store.completeAll();
        assertArrayEquals(data, new StoreDriver(store.memory()).read(4, 2));
        for (byte[] answer : rig.sent()) {
            assertArrayEquals(
                    new byte[24], TargetRig.data(ByteBuffer.wrap(answer)), "no echo of the data");
        }
    }

    @Test
    void overlappingWritesRunInTheOrderTheyCame() {
        receive(Request.write(4, Patterns.random(1, 1024)));
        byte[] newer = Patterns.random(2, 1024);
        receive(Request.write(5, newer));
        receive(Request.ata(AtaFrame.READ_EXT, 1, 6));
        assertEquals(1, store.held());
        store.complete(0);
        assertEquals(1, store.held());
        store.complete(0);
        store.complete(0);
        assertArrayEquals(newer, new StoreDriver(store.memory()).read(5, 2));
        List<byte[]> sent = rig.sent();
        assertEquals(3, sent.size());
        assertArrayEquals(
                Patterns.random(2, 1024),
                concat(newer, TargetRig.data(ByteBuffer.wrap(sent.get(2)))));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        return ByteBuffer.allocate(1024).put(first, 0, 512).put(second).array();
    }

    @Test
    void requestsThatDoNotOverlapRunTogether() {
        receive(Request.write(0, new byte[1024]));
        receive(Request.write(2, new byte[1024]));
        receive(Request.ata(AtaFrame.READ_EXT, 2, 10));
        receive(Request.ata(AtaFrame.READ_EXT, 2, 11));
        receive(Request.ata(AtaFrame.FLUSH, 0, 0));
        assertEquals(4, store.held(), "all but the flush");
        store.complete(0);
        assertEquals(3, store.held());
        store.complete(0);
        assertEquals(3, store.held(), "the flush waited for both writes");
        receive(Request.write(0, new byte[512]));
        assertEquals(4, store.held(), "nothing waits for a flush");
        assertFalse(rig.target.idle());
        store.completeAll();
        assertTrue(rig.target.idle());
        assertEquals(6, rig.sent().size());
        assertEquals(1, rig.counters.value(Counter.FLUSHES));
    }

    @Test
    void aStoreThatIsAwayMeansSilenceAndAFreeSlot() {
        receive(Request.ata(AtaFrame.READ_EXT, 1, 0));
        receive(Request.write(3, new byte[512]));
        store.fail(0, StoreStatus.UNAVAILABLE);
        store.fail(0, StoreStatus.UNAVAILABLE);
        assertEquals(List.of(), rig.sent());
        assertEquals(2, rig.counters.value(Counter.STALLED_DROPS));
        assertEquals(0, rig.port.claimed);
        assertTrue(rig.target.idle());
        receive(Request.ata(AtaFrame.READ_EXT, 1, 0));
        store.completeAll();
        assertEquals(0x40, AtaFrame.status(oneAnswer(), 0));
    }

    @Test
    void aFailedRequestLetsThoseBehindItRun() {
        receive(Request.write(0, new byte[512]));
        receive(Request.ata(AtaFrame.READ_EXT, 1, 0));
        store.fail(0, StoreStatus.MEDIA_ERROR);
        ByteBuffer failed = oneAnswer();
        assertEquals(0x41, AtaFrame.status(failed, 0));
        assertEquals(AtaFrame.ERROR_UNC, AtaFrame.error(failed, 0));
        assertEquals(1, rig.counters.value(Counter.STORE_ERRORS));
        assertEquals(1, rig.counters.value(Counter.ATA_ERRORS));
        assertEquals(0, rig.counters.value(Counter.WRITES));
        store.complete(0);
        assertEquals(0x40, AtaFrame.status(oneAnswer(), 0));
    }

    @Test
    void aWriteThatNoSlotCanHoldIsAborted() {
        rig.port.mtuBytes = 9000; // raised since the port was opened with slots of 4096 bytes
        receive(Request.write(0, new byte[8 * 512]));
        assertEquals(AtaFrame.ERROR_ABRT, AtaFrame.error(oneAnswer(), 0));
        assertEquals(0, store.submitted());
        assertTrue(rig.target.idle());
    }

    @Test
    void otherCommandsAreAnsweredWhileTheStoreWorks() {
        receive(Request.ata(AtaFrame.READ_EXT, 1, 0));
        receive(Request.config(ConfigFrame.READ, ""));
        receive(Request.ata(AtaFrame.IDENTIFY, 1, 0));
        assertEquals(2, rig.sent().size());
    }

    @Test
    void requestsBeyondTheSlotsAreDroppedAndCounted() {
        int started = 25; // of 32 slots; the others are for answers that need no store
        for (int i = 0; i < 40; i++) {
            receive(Request.ata(AtaFrame.READ_EXT, 1, i));
        }
        assertEquals(started, store.held());
        assertEquals(40 - started, rig.counters.value(Counter.SLOT_DROPS));
        store.completeAll();
        List<byte[]> sent = rig.sent();
        assertEquals(started, sent.size());
        assertEquals(GoldenFrames.CLIENT, Mac.get(ByteBuffer.wrap(sent.get(0)), 0));
    }
}
