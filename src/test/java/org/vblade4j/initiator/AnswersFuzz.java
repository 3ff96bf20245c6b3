// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.net.PortException;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.testing.FuzzBytes;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;

/**
 * A target that a fuzzer plays. Behind a first byte an input is a sequence of frames, each behind
 * one byte of how it is made to fit and its length in two bytes: with bit 0 it gets the addresses
 * and the tag of the request that waits longest, so that what lies behind them is looked at.
 */
public final class AnswersFuzz {
    private static final int MAX_FRAMES = 64;
    private static final byte UNTOUCHED = 0x55;
    private static final DiskSettings SETTINGS =
            new DiskSettings(4, 10_000_000, 80_000_000, 500_000_000);

    private long nowNs = 1L << 40;

    private AnswersFuzz() {}

    /** Called by the fuzzer; the first byte chooses between a disk and a discovery. */
    public static void fuzzerTestOneInput(byte[] data) throws PortException {
        FuzzBytes input = new FuzzBytes(data);
        if ((input.u8() & 1) == 0) {
            new AnswersFuzz().anyAnswersLeaveTheDiskUsable(input);
        } else {
            new AnswersFuzz().anyAnswersToAQueryAreListedOrIgnored(input);
        }
    }

    private void anyAnswersLeaveTheDiskUsable(FuzzBytes input) throws PortException {
        ScriptedTarget target = new ScriptedTarget();
        RemoteDisk disk =
                new RemoteDisk(target.clientPort, ScriptedTarget.FOUND, SETTINGS, () -> nowNs);
        Job[] jobs = {new Job(false), new Job(true), new Job(false)};
        for (int i = 0; i < MAX_FRAMES && input.hasMore(); i++) {
            disk.poll();
            for (Job job : jobs) {
                job.start(disk);
            }
            disk.poll();
            answer(input, target);
            disk.poll();
            nowNs += 20_000_000;
            for (Job job : jobs) {
                job.check();
            }
        }
        assertTrue(disk.sectors() >= 0);
        disk.close();
        for (Job job : jobs) {
            job.check();
            assertTrue(!job.running, "every request ends");
        }
    }

    private void anyAnswersToAQueryAreListedOrIgnored(FuzzBytes input) throws PortException {
        ScriptedTarget target = new ScriptedTarget();
        Discovery discovery = new Discovery(target.clientPort, () -> nowNs);
        discovery.query(AoeAddress.WILDCARD_SHELF, AoeAddress.WILDCARD_SLOT);
        ByteBuffer query = target.next();
        for (int i = 0; i < MAX_FRAMES && input.hasMore(); i++) {
            int how = input.u8();
            ByteBuffer frame = ByteBuffer.wrap(input.block());
            fit(how, query, frame);
            send(target, frame);
            discovery.poll();
        }
        List<FoundTarget> found = discovery.found();
        assertTrue(found.size() <= MAX_FRAMES);
        for (FoundTarget one : found) {
            assertTrue(one.maxSectors() > 0 && one.toString().length() < 10_000);
        }
    }

    private static void answer(FuzzBytes input, ScriptedTarget target) throws PortException {
        int how = input.u8();
        ByteBuffer frame = ByteBuffer.wrap(input.block());
        ByteBuffer request = target.next();
        if (request != null) {
            fit(how, request, frame);
        }
        send(target, frame);
    }

    private static void fit(int how, ByteBuffer request, ByteBuffer frame) {
        if ((how & 1) != 0 && frame.capacity() >= 24) {
            ByteBuffer right = ScriptedTarget.answer(request);
            frame.put(0, right, 0, 15);
            frame.put(16, right, 16, 8);
            if ((how & 2) != 0) {
                frame.put(14, (byte) 0x1c); // an answer with the error flag
            }
        }
    }

    private static void send(ScriptedTarget target, ByteBuffer frame) throws PortException {
        int bytes = Math.min(frame.capacity(), 1500 + Aoe.ETHERNET_HEADER_BYTES);
        if (bytes >= Aoe.ETHERNET_HEADER_BYTES) {
            target.send(frame, bytes);
        }
    }

    /** A request over and over, with room on both sides of its buffer that must stay as it is. */
    private static final class Job {
        private static final int MARGIN = 64;
        private static final int BYTES = 1024;

        private final ByteBuffer buffer = ByteBuffer.allocate(BYTES + 2 * MARGIN);
        private final boolean write;
        private final StoreRequest request = new StoreRequest(done -> ended());
        private boolean running;

        Job(boolean write) {
            this.write = write;
            Arrays.fill(buffer.array(), UNTOUCHED);
        }

        void start(RemoteDisk disk) {
            if (!running && disk.ready() && disk.sectors() >= 2) {
                running = true;
                if (write) {
                    disk.submit(request.write(0, 2, buffer, MARGIN));
                } else {
                    disk.submit(request.read(0, 2, buffer, MARGIN));
                }
            }
        }

        private void ended() {
            assertTrue(running, "ends once");
            running = false;
            assertTrue(request.status() != null && request.status() != StoreStatus.NO_SPACE);
        }

        void check() {
            for (int i = 0; i < MARGIN; i++) {
                assertEquals(UNTOUCHED, buffer.get(i));
                assertEquals(UNTOUCHED, buffer.get(MARGIN + BYTES + i));
            }
        }
    }
}
