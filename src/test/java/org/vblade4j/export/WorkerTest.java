// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** A worker on a clock that only the test moves, and a port that tells how it is used. */
@Timeout(60)
class WorkerTest {
    private static final long MAC = 0x02_00_00_00_00_14L;
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long TICK_NS = SECOND_NS;
    private static final int SLOT_BYTES = 4096;

    private long nowNs;
    private long turnNs = 5_000;
    private long spinNs = 50_000;
    private int ticks;
    private boolean ending;

    /** Waiting lets time pass, or brings a frame after {@link #gapNs}. */
    private final class ScriptedPort implements EthernetPort {
        private final TransmitSlots slots =
                new TransmitSlots(
                        ByteBuffer.allocateDirect(9 * SLOT_BYTES).alignedSlice(4096),
                        8,
                        SLOT_BYTES / 2);
        private final ByteBuffer frame = ByteBuffer.allocateDirect(2048);
        private final List<Long> waits = new ArrayList<>();
        private long gapNs = Long.MAX_VALUE;
        private long nextNs;
        private int tag;

        private void framesEvery(long ns) {
            gapNs = ns;
            nextNs = nowNs;
        }

        @Override
        public long mac() {
            return MAC;
        }

        @Override
        public int mtuBytes() {
            return 1500;
        }

        @Override
        public boolean outgrown() {
            return false;
        }

        @Override
        public int receive(FrameHandler handler, int limit) {
            nowNs += turnNs;
            if (gapNs == Long.MAX_VALUE || nowNs < nextNs) {
                return 0;
            }
            nextNs += gapNs;
            AoeFrame.putEthernet(frame, 0, MAC, MAC + 1);
            AoeFrame.putAoe(frame, 0, 0, 1, 1, Aoe.COMMAND_ATA, ++tag);
            AtaFrame.putRequest(frame, 0, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 1, 0);
            handler.onFrame(frame, 0, Aoe.MIN_FRAME_BYTES);
            handler.batchEnd();
            return 1;
        }

        @Override
        public int claim() {
            return slots.claim();
        }

        @Override
        public ByteBuffer slots() {
            return slots.region();
        }

        @Override
        public int slotOffset(int slot) {
            return slots.offset(slot);
        }

        @Override
        public int slotBytes() {
            return slots.slotBytes();
        }

        @Override
        public void commit(int slot, int lengthBytes) {
            slots.commit(slot, lengthBytes);
        }

        @Override
        public void release(int slot) {
            slots.release(slot);
        }

        @Override
        public void flush() {
            slots.clearCommitted();
        }

        @Override
        public void await(long timeoutNs) {
            waits.add(timeoutNs);
            long arrivalNs = gapNs == Long.MAX_VALUE ? Long.MAX_VALUE : nextNs;
            nowNs = Math.max(nowNs, Math.min(arrivalNs, nowNs + timeoutNs));
        }

        @Override
        public boolean watch(int fd) {
            return false;
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }

    /** Finishes nothing before it is told to. */
    private static final class HangingStore implements BlockStore {
        private final MemoryStore next = MemoryStore.heap(64);
        private final List<StoreRequest> held = new ArrayList<>();

        @Override
        public long sectors() {
            return next.sectors();
        }

        @Override
        public StoreTraits traits() {
            return new StoreTraits(false, false, false, false, 512, "uring");
        }

        @Override
        public void submit(StoreRequest request) {
            held.add(request);
        }

        private void goOn() {
            held.forEach(next::submit);
            held.clear();
        }

        @Override
        public void close() {}
    }

    private final ScriptedPort port = new ScriptedPort();

    private Worker worker(BlockStore store, Runnable atTick) {
        TargetSettings settings =
                new TargetSettings(ADDRESS, 8, List.of(), new DiskIdentity("a", 1));
        AoeTarget target = new AoeTarget(settings, port, store, new Counters());
        Tick tick =
                new Tick(
                        () -> nowNs,
                        TICK_NS,
                        () -> {
                            ticks++;
                            atTick.run();
                        });
        return new Worker(
                port, target, store, () -> nowNs, () -> spinNs, this::ends, tick, new Heartbeat());
    }

    private boolean ends() {
        return ending || nowNs > 100 * SECOND_NS; // a tick that never comes is a failure
    }

    private void endAt(long ns) {
        ending = nowNs >= ns;
    }

    @Test
    void theTickGoesOnWhileGapsAreShorterThanItSpins() throws Exception {
        port.framesEvery(20_000);
        Worker worker = worker(MemoryStore.heap(64), () -> endAt(3 * SECOND_NS));
        worker.serve();
        assertEquals(3, ticks);
        assertTrue(port.waits.size() < 10, () -> "it spins: " + port.waits.size());
        assertTrue(port.tag > 149_000, "each frame was taken in");
    }

    @Test
    void theTickGoesOnWhileEachTurnHasWork() throws Exception {
        port.framesEvery(1);
        turnNs = 1_000_000;
        worker(MemoryStore.heap(64), () -> endAt(10 * SECOND_NS)).serve();
        assertEquals(10, ticks);
        assertEquals(List.of(), port.waits);
    }

    @Test
    void idleItWakesUpForTheTickOnly() throws Exception {
        worker(MemoryStore.heap(64), () -> endAt(60 * SECOND_NS)).serve();
        assertEquals(60, ticks, "no later after a long time without work");
        assertTrue(port.waits.size() <= 61, () -> port.waits.size() + " wake-ups");
    }

    @Test
    void aStoreThatDoesNotTellIsLookedAtOftenWhileItIsBusy() throws Exception {
        HangingStore store = new HangingStore();
        port.framesEvery(SECOND_NS / 2);
        worker(store, () -> endAt(SECOND_NS)).serve();
        assertTrue(port.waits.size() > 500, () -> port.waits.size() + " looks");
    }

    @Test
    void settlingTakesNothingInNeverWaitsAndEndsWithTheLastRequest() throws Exception {
        HangingStore store = new HangingStore();
        Worker worker = worker(store, () -> {});
        port.framesEvery(1);
        assertEquals(1, worker.turn());
        int taken = port.tag;
        for (int i = 0; i < 100; i++) {
            assertFalse(worker.settle());
        }
        assertEquals(taken, port.tag);
        assertEquals(List.of(), port.waits);
        store.goOn();
        assertTrue(worker.settle());
    }
}
