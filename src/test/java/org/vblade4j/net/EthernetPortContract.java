// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.wire.Mac;

/** What every port does, whatever it is made of: the frames here, the rest above it. */
public abstract class EthernetPortContract extends PortLifeContract {
    @Test
    void framesArriveWholeAndInOrder() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < SLOTS; i++) {
                request(initiator, round * SLOTS + i, 60 + i * 40);
            }
            initiator.flush();
            List<byte[]> frames = receive(target, SLOTS);
            assertEquals(SLOTS, frames.size());
            for (int i = 0; i < SLOTS; i++) {
                byte[] frame = frames.get(i);
                int tag = round * SLOTS + i;
                assertEquals(60 + i * 40, frame.length);
                assertEquals(tag, tags(frames).get(i));
                assertEquals((byte) ((frame.length - 1) * 7 + tag), frame[frame.length - 1]);
                assertEquals(INITIATOR_MAC, Mac.get(ByteBuffer.wrap(frame), 6));
            }
        }
        assertEquals(10 * SLOTS, targetCounters.value(Counter.FRAMES_RECEIVED));
        assertEquals(10 * SLOTS, initiatorCounters.value(Counter.FRAMES_SENT));
    }

    @Test
    void responsesReachTheInitiatorAndRequestsDoNot() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(target, INITIATOR_MAC, 0x10, 0xffff, 0xff, 1, 60);
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 2, 60);
        commit(target, Mac.BROADCAST, 0x18, 7, 3, 3, 60);
        target.flush();
        assertEquals(List.of(2, 3), tags(receive(initiator, 2)));
    }

    @Test
    void targetHearsItsOwnAddressWildcardRequestsAndRivalsOnly() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(initiator, TARGET_MAC, 0x10, 7, 3, 1, 60);
        commit(initiator, TARGET_MAC, 0x10, 8, 3, 2, 60);
        commit(initiator, TARGET_MAC, 0x10, 7, 4, 3, 60);
        commit(initiator, TARGET_MAC, 0x18, 7, 3, 4, 60);
        commit(initiator, Mac.BROADCAST, 0x18, 0xffff, 3, 9, 60);
        commit(initiator, Mac.BROADCAST, 0x18, 8, 3, 10, 60);
        commit(initiator, Mac.BROADCAST, 0x10, 0xffff, 3, 5, 60);
        commit(initiator, Mac.BROADCAST, 0x10, 7, 0xff, 6, 60);
        commit(initiator, Mac.BROADCAST, 0x10, 0xffff, 0xff, 7, 60);
        commit(initiator, TARGET_MAC, 0x10, 7, 3, 8, 60);
        initiator.flush();
        assertEquals(List.of(1, 4, 5, 6, 7, 8), tags(receive(target, 6)));
    }

    @Test
    void frameForAnotherStationOrGroupIsNotLent() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(initiator, 0x0200_0000_0099L, 0x10, 7, 3, 1, 60);
        commit(initiator, 0x0100_5e00_0001L, 0x10, 7, 3, 2, 60);
        request(initiator, 3, 60);
        initiator.flush();
        assertEquals(List.of(3), tags(receive(target, 1)));
        assertTrue(targetCounters.value(Counter.OTHER_HOST_DROPS) >= 1);
        assertEquals(1, targetCounters.value(Counter.FRAMES_RECEIVED));
    }

    @Test
    void ownFramesAreNotHeard() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(target, Mac.BROADCAST, 0x10, 7, 3, 1, 60);
        target.flush();
        request(initiator, 2, 60);
        initiator.flush();
        assertEquals(List.of(2), tags(receive(target, 1)));
    }

    @Test
    void largestFrameOfAJumboMtuPasses() throws Exception {
        connect(9000);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        assertEquals(9000, target.mtuBytes());
        for (int tag = 0; tag < 3; tag++) {
            request(initiator, tag, 9014);
        }
        initiator.flush();
        List<byte[]> frames = receive(target, 3);
        assertEquals(List.of(0, 1, 2), tags(frames));
        assertEquals(9014, frames.get(2).length);
        assertEquals((byte) (9013 * 7 + 2), frames.get(2)[9013]);
    }

    @Test
    void handlerIsNotGivenMoreThanTheLimit() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        for (int tag = 0; tag < 10; tag++) {
            request(initiator, tag, 60);
        }
        initiator.flush();
        target.await(PATIENCE_NS);
        List<byte[]> frames = new ArrayList<>();
        FrameHandler handler = (b, at, n) -> frames.add(copy(b, at, n));
        assertEquals(4, target.receive(handler, 4));
        assertEquals(0, target.receive(handler, 0));
        assertEquals(6, target.receive(handler, 100));
        assertEquals(0, target.receive(handler, 100));
        assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), tags(frames));
    }

    @Test
    void moreFramesThanTheRingHoldsPassWhenTakenInTime() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        int taken = 0;
        for (int round = 0; round < 50; round++) {
            for (int i = 0; i < SLOTS; i++) {
                request(initiator, round * SLOTS + i, 100);
            }
            initiator.flush();
            List<byte[]> frames = receive(target, SLOTS);
            assertEquals(taken, tags(frames).get(0));
            taken += frames.size();
        }
        assertEquals(50 * SLOTS, taken);
        assertEquals(0, targetCounters.value(Counter.KERNEL_DROPS));
    }

    @Test
    void framesThatFindNoRoomAreCounted() throws Exception {
        connect(1500);
        EthernetPort target = target(16);
        EthernetPort initiator = initiator();
        int sent = 100 * SLOTS;
        for (int tag = 0; tag < sent; tag++) {
            request(initiator, tag, 1000);
            if (tag % SLOTS == SLOTS - 1) {
                initiator.flush();
            }
        }
        assertEquals(sent, initiatorCounters.value(Counter.FRAMES_SENT));
        int lent = 0;
        int more;
        do {
            more = target.receive((b, at, n) -> {}, 64);
            lent += more;
        } while (more > 0);
        awaitDrops(target, sent - lent);
        assertTrue(lent >= 16, "lent " + lent);
        assertEquals(sent - lent, targetCounters.value(Counter.KERNEL_DROPS));
        request(initiator, 1, 60);
        initiator.flush();
        assertEquals(List.of(1), tags(receive(target, 1)));
    }

    @Test
    void twoThreadsTalkInLockStep() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        int rounds = 2000;
        FutureTask<Void> echo =
                started(
                        () -> {
                            for (int i = 0; i < rounds; i++) {
                                int tag = tags(receive(target, 1)).get(0);
                                commit(target, INITIATOR_MAC, 0x18, 7, 3, tag, 60);
                                target.flush();
                            }
                        });
        for (int i = 0; i < rounds; i++) {
            request(initiator, i, 60);
            initiator.flush();
            assertEquals(List.of(i), tags(receive(initiator, 1)));
        }
        echo.get();
    }

    /** What a frame and its answer may cost the heap, on both ports together. */
    protected long heapBytesPerExchange() {
        return 0;
    }

    @Test
    void hundredThousandFramesAndTheirAnswersAllocateNothing() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        Echo echo = new Echo(target);
        long[] answers = {0};
        FrameHandler count = (b, at, n) -> answers[0]++;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        exchange(initiator, target, echo, count, 20_000);
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(initiator, target, echo, count, 100_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(120_000, answers[0]);
        // Code that is compiled again hands back once what it kept in registers.
        long bytes = allocated / 100_000;
        assertTrue(bytes <= heapBytesPerExchange(), bytes + " a frame, " + allocated + " in all");
    }

    /** Answers every request with a full-sized frame. */
    private record Echo(EthernetPort port) implements FrameHandler {
        @Override
        public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
            int slot = port.claim();
            int at = port.slotOffset(slot);
            port.slots().put(at, buffer, offset, lengthBytes);
            Mac.put(port.slots(), at, Mac.get(buffer, offset + 6));
            port.slots().put(at + 14, (byte) 0x18);
            port.commit(slot, 1514);
        }
    }

    private static void exchange(
            EthernetPort initiator, EthernetPort target, Echo echo, FrameHandler count, int frames)
            throws PortException {
        for (int sent = 0; sent < frames; sent += SLOTS) {
            for (int i = 0; i < SLOTS; i++) {
                request(initiator, sent + i, 60);
            }
            initiator.flush();
            takeAll(target, echo);
            target.flush();
            takeAll(initiator, count);
        }
    }

    private static void takeAll(EthernetPort port, FrameHandler handler) throws PortException {
        for (int taken = 0; taken < SLOTS; ) {
            int now = port.receive(handler, SLOTS - taken);
            taken += now;
            if (now == 0) {
                port.await(PATIENCE_NS);
            }
        }
    }

    @Test
    void floodFromAnotherThreadArrivesIntactInOrderOrIsCounted() throws Exception {
        connect(1500);
        EthernetPort target = target(32);
        EthernetPort initiator = initiator();
        int sent = 1000 * SLOTS;
        FutureTask<Void> flood =
                started(
                        () -> {
                            for (int tag = 0; tag < sent; tag++) {
                                request(initiator, tag, 60 + tag % 1400);
                                if (tag % SLOTS == SLOTS - 1) {
                                    initiator.flush();
                                }
                            }
                        });
        Intact intact = new Intact();
        while (!flood.isDone()) {
            target.receive(intact, 64);
            target.await(1_000_000);
        }
        flood.get();
        long start = System.nanoTime();
        while (intact.frames + targetCounters.value(Counter.KERNEL_DROPS) < sent
                && System.nanoTime() - start < PATIENCE_NS) {
            target.receive(intact, 64);
            target.await(1_000_000);
        }
        assertEquals(0, intact.broken, "broken or out of order");
        assertEquals(sent, intact.frames + targetCounters.value(Counter.KERNEL_DROPS));
        assertEquals(sent, initiatorCounters.value(Counter.FRAMES_SENT));
    }

    /** Checks each frame against its tag. */
    private static final class Intact implements FrameHandler {
        private int lastTag = -1;
        private int frames;
        private int broken;

        @Override
        public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
            int tag = buffer.getInt(offset + 20);
            boolean good = tag > lastTag && lengthBytes == 60 + tag % 1400;
            for (int i = 24; good && i < lengthBytes; i++) {
                good = buffer.get(offset + i) == (byte) (i * 7 + tag);
            }
            broken += good ? 0 : 1;
            frames++;
            lastTag = tag;
        }
    }

    /** The kernel tells what it dropped only when asked, which a port does when it is idle. */
    private void awaitDrops(EthernetPort target, long drops) throws PortException {
        long start = System.nanoTime();
        while (targetCounters.value(Counter.KERNEL_DROPS) < drops
                && System.nanoTime() - start < PATIENCE_NS) {
            target.receive((b, at, n) -> {}, 0);
            target.await(1_000_000);
        }
    }

    @Test
    void framesStayUntilTheirBatchEnds() throws Exception {
        connect(1500);
        EthernetPort target = target(16);
        EthernetPort initiator = initiator();
        Keeping keeping = new Keeping();
        target.receive(keeping, 8);
        assertEquals(0, keeping.batches, "no frames, no batch");
        for (int round = 0; round < 5; round++) {
            for (int tag = 0; tag < 10; tag++) {
                request(initiator, 10 * round + tag, 60);
            }
            initiator.flush();
            target.await(PATIENCE_NS);
            assertEquals(8, target.receive(keeping, 8));
            assertEquals(2, target.receive(keeping, 8));
        }
        assertEquals(10, keeping.batches);
        assertEquals(IntStream.range(0, 50).boxed().toList(), keeping.tags);
    }

    /** Looks at the frames of a batch when it ends, and not before. */
    private static final class Keeping implements FrameHandler {
        private final List<Integer> tags = new ArrayList<>();
        private final List<Integer> offsets = new ArrayList<>();
        private ByteBuffer frames;
        private int batches;

        @Override
        public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
            frames = buffer;
            offsets.add(offset);
        }

        @Override
        public void batchEnd() {
            offsets.forEach(offset -> tags.add(frames.getInt(offset + 20)));
            offsets.clear();
            batches++;
        }
    }

    @Test
    void bufferPositionsAreLeftAlone() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        request(initiator, 1, 60);
        initiator.flush();
        target.await(PATIENCE_NS);
        target.receive(
                (b, at, n) -> {
                    assertArrayEquals(
                            new int[] {0, b.capacity()}, new int[] {b.position(), b.limit()});
                    assertEquals(ByteOrder.BIG_ENDIAN, b.order());
                },
                1);
    }
}
