// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** Two ports on one link, a target's and an initiator's, and frames to send between them. */
public abstract class PortFixture {
    protected static final long TARGET_MAC = 0x0200_0000_0001L;
    protected static final long INITIATOR_MAC = 0x0200_0000_0002L;
    protected static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    protected static final int FRAMES = 128;
    protected static final int SLOTS = 32;
    protected static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    protected final Counters targetCounters = new Counters();
    protected final Counters initiatorCounters = new Counters();
    private final List<EthernetPort> opened = new ArrayList<>();

    /** Opens a port on the target's or the initiator's end of one link. */
    protected abstract EthernetPort open(PortOptions options, Counters counters) throws Exception;

    /** Sets up the link with an MTU, once a test, before ports are opened. */
    protected abstract void connect(int mtuBytes) throws Exception;

    /** Changes the target end's MTU. */
    protected abstract void changeMtu(EthernetPort target, int mtuBytes) throws Exception;

    @AfterEach
    final void closePorts() {
        opened.forEach(EthernetPort::close);
    }

    protected final EthernetPort target() throws Exception {
        return target(FRAMES);
    }

    protected final EthernetPort target(int receiveFrames) throws Exception {
        PortOptions options = PortOptions.forTarget("target", ADDRESS, receiveFrames, SLOTS);
        return opened(open(options, targetCounters));
    }

    protected final EthernetPort initiator() throws Exception {
        PortOptions options = PortOptions.forInitiator("initiator", FRAMES, SLOTS);
        return opened(open(options, initiatorCounters));
    }

    private EthernetPort opened(EthernetPort port) {
        opened.add(port);
        return port;
    }

    /** Claims, fills and commits one frame; the payload is the tag. */
    protected static void commit(
            EthernetPort port,
            long destination,
            int flags,
            int shelf,
            int slot,
            int tag,
            int bytes) {
        int number = port.claim();
        assertNotEquals(-1, number);
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(number);
        for (int i = 0; i < bytes; i++) {
            buffer.put(at + i, (byte) (i * 7 + tag));
        }
        Mac.put(buffer, at, destination);
        Mac.put(buffer, at + 6, port.mac());
        buffer.putShort(at + 12, (short) Aoe.ETHERTYPE);
        buffer.put(at + 14, (byte) flags);
        buffer.put(at + 15, (byte) 0);
        buffer.putShort(at + 16, (short) shelf);
        buffer.put(at + 18, (byte) slot);
        buffer.put(at + 19, (byte) 0);
        buffer.putInt(at + 20, tag);
        port.commit(number, bytes);
    }

    /** A request to the target's own address. */
    protected static void request(EthernetPort port, int tag, int bytes) {
        commit(port, TARGET_MAC, 0x10, ADDRESS.shelf(), ADDRESS.slot(), tag, bytes);
    }

    /** Receives until {@code count} frames have come; copies of them. */
    protected static List<byte[]> receive(EthernetPort port, int count) throws PortException {
        List<byte[]> frames = new ArrayList<>();
        long start = System.nanoTime();
        while (frames.size() < count && System.nanoTime() - start < PATIENCE_NS) {
            if (port.receive((b, at, n) -> frames.add(copy(b, at, n)), count) == 0) {
                port.await(PATIENCE_NS / 100);
            }
        }
        return frames;
    }

    protected static byte[] copy(ByteBuffer buffer, int offset, int bytes) {
        byte[] copy = new byte[bytes];
        buffer.get(offset, copy);
        return copy;
    }

    protected static List<Integer> tags(List<byte[]> frames) {
        return frames.stream().map(frame -> ByteBuffer.wrap(frame).getInt(20)).toList();
    }

    /** Something done by another thread. */
    protected interface Deed {
        void run() throws Exception;
    }

    protected static FutureTask<Void> started(Deed deed) {
        FutureTask<Void> task =
                new FutureTask<>(
                        () -> {
                            deed.run();
                            return null;
                        });
        new Thread(task, "other").start();
        return task;
    }

    /** The change is seen by a port that is used as a worker uses it. */
    protected static void awaitMtu(EthernetPort port, int mtuBytes) throws PortException {
        long start = System.nanoTime();
        while (port.mtuBytes() != mtuBytes && System.nanoTime() - start < PATIENCE_NS) {
            port.receive((b, at, n) -> {}, 64);
            port.await(1_000_000);
        }
        assertEquals(mtuBytes, port.mtuBytes());
    }
}
