// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.Packet;

/** A batch of frames lent from a ring, and slots taken and given back: nanoseconds a frame. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBenchmark {
    private static final int BATCH = 64;
    private static final int FRAME_BYTES = 1514;

    private final RingLayout layout = RingLayout.of(1500, BATCH);
    private NativeMemory memory;
    private ByteBuffer words;
    private ReceiveRing ring;
    private TransmitSlots slots;
    private Tags handler;

    /** What a handler does at the least. */
    private static final class Tags implements FrameHandler {
        private long sum;

        @Override
        public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
            sum += buffer.getInt(offset + 20);
        }
    }

    /** What the kernel writes, but for the status. */
    @Setup
    public void fill() throws IOException {
        memory = NativeMemory.allocate(layout.ringBytes());
        words = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
        for (int i = 0; i < layout.frames(); i++) {
            int at = layout.offset(i);
            words.putInt(at + Packet.TP_LEN, FRAME_BYTES);
            words.putInt(at + Packet.TP_SNAPLEN, FRAME_BYTES);
            words.putShort(
                    at + Packet.TP_MAC,
                    (short) (Packet.TPACKET2_MAC_OFFSET + layout.reserveBytes()));
        }
        ring = new ReceiveRing(memory, layout, null, new Counters());
        handler = new Tags();
        int slotBytes = TransmitSlots.slotBytes(FRAME_BYTES);
        int regionBytes = TransmitSlots.regionBytes(BATCH, slotBytes);
        slots = new TransmitSlots(ByteBuffer.allocateDirect(regionBytes), BATCH, slotBytes);
    }

    @TearDown
    public void close() {
        ring.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long receive() {
        for (int i = 0; i < BATCH; i++) {
            words.putInt(layout.offset(i % layout.frames()), Packet.TP_STATUS_USER);
        }
        ring.receive(handler, BATCH, null);
        return handler.sum;
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public int claimAndCommit() {
        for (int i = 0; i < BATCH; i++) {
            slots.commit(slots.claim(), FRAME_BYTES);
        }
        slots.clearCommitted();
        return slots.committedCount();
    }
}
