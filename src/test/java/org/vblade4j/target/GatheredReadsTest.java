// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.ReadLease;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.GoldenFrames;

/** Reads whose data is taken from the store's memory when the answer is sent. */
class GatheredReadsTest {
    private static final long BASE = 1L << 40;
    private static final int SECTORS = 64;

    private final MemoryStore memory = MemoryStore.heap(SECTORS);
    private final StoreDriver disk = new StoreDriver(memory);
    private final Mapped store = new Mapped();
    private final FakePort port = new FakePort(GoldenFrames.TARGET, 1500, 32);
    private TargetRig rig;
    private boolean unreadable;

    /** Pretends that sector n lies at BASE + 512 n. */
    private final class Mapped implements BlockStore, ReadLease.Lender {
        boolean valid = true;
        boolean shrunk;
        boolean lent;
        int failures;

        @Override
        public long sectors() {
            return SECTORS;
        }

        @Override
        public StoreTraits traits() {
            return new StoreTraits(false, true, false, 512);
        }

        @Override
        public void submit(StoreRequest request) {
            if (request.mayAnswerInPlace()) {
                request.completeInPlace(BASE + request.lba() * 512, this);
            } else if (shrunk) {
                request.complete(StoreStatus.OUT_OF_RANGE);
            } else {
                memory.submit(request);
            }
        }

        @Override
        public void lent() {
            lent = true;
        }

        @Override
        public boolean stillValid() {
            return valid;
        }

        @Override
        public void unreadable() {
            failures++;
        }

        @Override
        public void returned() {
            lent = false;
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void nothingIsLentAnyMore() {
        assertFalse(store.lent);
    }

    @BeforeEach
    void gather() {
        port.memory = address -> unreadable ? null : disk.read((address - BASE) / 512, 2);
        rig = new TargetRig(store, port);
        disk.write(0, Patterns.random(0, SECTORS * 512));
    }

    private static byte[] read(int tag, long lba) {
        return Request.ata(AtaFrame.READ_EXT, 2, lba).tag(tag).bytes();
    }

    private static int tag(byte[] frame) {
        return AoeFrame.tag(ByteBuffer.wrap(frame), 0);
    }

    private static byte[] data(byte[] frame) {
        return TargetRig.data(ByteBuffer.wrap(frame));
    }

    @Test
    void answersCarryTheData() {
        rig.receiveBatch(read(1, 4), read(2, 40));
        List<byte[]> sent = rig.sent();
        assertEquals(2, sent.size());
        rig.checkAnswer(read(1, 4), sent.get(0));
        assertArrayEquals(disk.read(4, 2), data(sent.get(0)));
        assertArrayEquals(disk.read(40, 2), data(sent.get(1)));
        assertEquals(2, rig.counters.value(Counter.READS));
        assertEquals(2, rig.counters.value(Counter.IN_PLACE_READS));
        assertEquals(4, rig.counters.value(Counter.READ_SECTORS));
        assertEquals(0, port.claimed);
        assertTrue(rig.target.idle());
    }

    @Test
    void aLaterWriteToTheSameSectorsWaitsUntilTheAnswerHasLeft() {
        byte[] old = disk.read(4, 2);
        byte[] newer = Patterns.random(9, 1024);
        rig.receiveBatch(
                read(1, 4), Request.write(5, newer).tag(2).bytes(), read(3, 5), read(4, 20));
        List<byte[]> sent = rig.sent();
        assertEquals(List.of(1, 4, 2, 3), sent.stream().map(GatheredReadsTest::tag).toList());
        assertArrayEquals(old, data(sent.get(0)), "as of before the write");
        assertArrayEquals(newer, data(sent.get(3)), "as of after the write");
        assertArrayEquals(newer, disk.read(5, 2));
        assertTrue(rig.target.idle());
    }

    @Test
    void aWriteElsewhereDoesNotWait() {
        rig.receiveBatch(read(1, 4), Request.write(6, new byte[1024]).tag(2).bytes());
        assertArrayEquals(new byte[1024], disk.read(6, 2), "before anything is sent");
        assertEquals(2, rig.sent().size());
    }

    @Test
    void dataThatCannotBeReadIsReadByTheStore() {
        unreadable = true;
        rig.receiveBatch(read(1, 4), Request.write(4, new byte[1024]).tag(2).bytes());
        byte[] old = disk.read(4, 2);
        List<byte[]> sent = rig.sent();
        assertEquals(2, sent.size());
        assertArrayEquals(old, data(sent.get(0)));
        assertArrayEquals(new byte[1024], disk.read(4, 2));
        assertEquals(1, store.failures);
        assertEquals(1, rig.counters.value(Counter.READS));
        assertEquals(0, rig.counters.value(Counter.IN_PLACE_READS));
        assertEquals(0, port.claimed);
        assertTrue(rig.target.idle());
    }

    @Test
    void aStoreThatHasShrunkAnswersWithItsOwnError() {
        store.valid = false;
        store.shrunk = true;
        rig.receiveBatch(read(1, 4), read(2, 8));
        List<byte[]> sent = rig.sent();
        assertEquals(2, sent.size());
        for (byte[] frame : sent) {
            ByteBuffer answer = ByteBuffer.wrap(frame);
            assertEquals(0x41, AtaFrame.status(answer, 0));
            assertEquals(AtaFrame.ERROR_IDNF, AtaFrame.error(answer, 0));
        }
        assertEquals(2, rig.counters.value(Counter.ATA_ERRORS));
        assertEquals(0, rig.counters.value(Counter.READS));
        assertEquals(0, port.claimed);
    }

    @Test
    void theSameRequestAgainIsADuplicateUntilItIsSent() {
        rig.receiveBatch(read(1, 4), read(1, 4));
        assertEquals(1, rig.sent().size());
        assertEquals(1, rig.counters.value(Counter.DUPLICATE_DROPS));
        rig.receiveBatch(read(1, 4));
        assertEquals(1, rig.sent().size());
    }
}
