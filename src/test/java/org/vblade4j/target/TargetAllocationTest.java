// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.ReserveFrame;

/**
 * The path of a frame through the target allocates nothing, not even one byte in 100,000 frames.
 *
 * <p>Of a few rounds of 100,000 the leanest counts: what code does once, when it is compiled again
 * and hands back the objects that it kept in registers, is no frame's allocation.
 */
class TargetAllocationTest {
    private static final int FRAMES = 100_000;
    private static final int BATCH = 10;
    private static final int ROUNDS = 5;
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final FrameHandler IGNORE = (buffer, offset, lengthBytes) -> {};

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final MemoryLan lan = new MemoryLan();
    private final Counters counters = new Counters();
    private final EthernetPort port =
            lan.connect(
                    PortOptions.forTarget("lan", ADDRESS, 32, 32),
                    GoldenFrames.TARGET,
                    1500,
                    counters);
    private final EthernetPort client =
            lan.connect(
                    PortOptions.forInitiator("lan", 32, 32),
                    GoldenFrames.CLIENT,
                    1500,
                    new Counters());
    private final byte[][] requests = {
        Request.ata(AtaFrame.READ_EXT, 2, 8).bytes(),
        Request.write(8, new byte[1024]).bytes(),
        Request.ata(AtaFrame.FLUSH_EXT, 0, 0).bytes(),
        Request.ata(AtaFrame.IDENTIFY, 1, 0).bytes(),
        Request.ata(AtaFrame.READ_EXT, 2, 1L << 40).bytes(),
        Request.config(ConfigFrame.READ, "").bytes(),
        Request.config(ConfigFrame.FORCE_SET, "label").bytes(),
        Request.maskRead().bytes(),
        Request.reserve(ReserveFrame.SET, GoldenFrames.CLIENT).bytes(),
        Request.command(7).bytes()
    };
    private Object kept;

    private AoeTarget target(BlockStore store) {
        TargetSettings settings = new TargetSettings(ADDRESS, 16, List.of(), TargetRig.IDENTITY);
        return new AoeTarget(settings, port, store, counters);
    }

    private long allocatedBytes(FrameHandler handler, Runnable poll) throws PortException {
        exchange(handler, poll); // warms up: loads classes, fills the pools
        long leanest = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            exchange(handler, poll);
            leanest = Math.min(leanest, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return leanest;
    }

    private void exchange(FrameHandler handler, Runnable poll) throws PortException {
        for (int i = 0; i < FRAMES / BATCH; i++) {
            for (int j = 0; j < BATCH; j++) {
                byte[] request = requests[j];
                int slot = client.claim();
                request[23] = (byte) j; // a tag of its own
                client.slots().put(client.slotOffset(slot), request);
                client.commit(slot, request.length);
            }
            client.flush();
            port.receive(handler, BATCH);
            poll.run();
            port.flush();
            client.receive(IGNORE, BATCH);
        }
    }

    @Test
    void framesOnASynchronousStoreAllocateNothing() throws PortException {
        AoeTarget target = target(MemoryStore.direct(1024));
        assertEquals(0, allocatedBytes(target, target::poll));
        assertEquals((1L + ROUNDS) * FRAMES, counters.value(Counter.FRAMES_SENT));
        assertEquals((1L + ROUNDS) * FRAMES / BATCH, counters.value(Counter.WRITES));
    }

    @Test
    void framesOnAnAsynchronousStoreAllocateNothing() throws PortException {
        HeldStore store = new HeldStore(1024);
        AoeTarget target = target(store);
        Runnable poll =
                () -> {
                    store.completeAll();
                    target.poll();
                };
        assertEquals(0, allocatedBytes(target, poll));
        assertEquals((1L + ROUNDS) * FRAMES, counters.value(Counter.FRAMES_SENT));
    }

    /** The measurement sees allocation when there is some. */
    @Test
    void oneObjectAFrameIsSeen() throws PortException {
        AoeTarget target = target(MemoryStore.direct(1024));
        FrameHandler wasteful =
                (buffer, offset, lengthBytes) -> {
                    kept = new byte[1];
                    target.onFrame(buffer, offset, lengthBytes);
                };
        assertTrue(allocatedBytes(wasteful, target::poll) >= 16L * FRAMES);
        assertEquals(1, ((byte[]) kept).length);
    }
}
