// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.target.FramesFuzz.WatchedTarget;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;

/**
 * What real initiators sent to real targets, recorded by {@code src/test/peers} (see {@code
 * capture} in its lib.sh), and the same with bits, bytes and lengths changed. {@code
 * -Dvblade4j.capture.rounds=N} goes over the captures more often, {@code -Dvblade4j.capture.seed=N}
 * repeats a failure.
 */
class CaptureReplayTest {
    private static final Path CAPTURES =
            Path.of(System.getProperty("vblade4j.basedir", "."), "src/test/captures");
    private static final int ROUNDS = Integer.getInteger("vblade4j.capture.rounds", 30);
    private static final int SECTORS = 256;
    private static final int FRAMES_PER_TARGET = 200;
    private static final int PCAP_HEADER = 24;
    private static final int RECORD_HEADER = 16;

    static List<Path> captures() throws IOException {
        try (Stream<Path> files = Files.list(CAPTURES)) {
            return files.filter(file -> file.toString().endsWith(".pcap")).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("captures")
    void whatInitiatorsSendIsAnswered(Path capture) throws IOException {
        List<byte[]> requests = requests(capture);
        WatchedTarget target = new WatchedTarget(1, SECTORS);
        int answers = 0;
        for (byte[] request : requests) {
            answers += target.take(request);
        }
        assertTrue(answers * 2 >= requests.size(), answers + " of " + requests.size());
    }

    @ParameterizedTest
    @MethodSource("captures")
    void changedFramesAreSurvived(Path capture, TestReporter reporter) throws IOException {
        long seed = Long.getLong("vblade4j.capture.seed", System.nanoTime());
        reporter.publishEntry("vblade4j.capture.seed", Long.toString(seed));
        Random random = new Random(seed);
        List<byte[]> requests = requests(capture);
        WatchedTarget target = null;
        for (int i = 0; i < ROUNDS * requests.size(); i++) {
            if (i % FRAMES_PER_TARGET == 0) {
                target = new WatchedTarget(random.nextInt(32), SECTORS);
            }
            byte[] frame = TargetFuzzTest.mutate(requests.get(i % requests.size()), random);
            try {
                target.take(frame);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("-Dvblade4j.capture.seed=" + seed + ", frame " + i, e);
            }
        }
    }

    /** The requests of a capture, sent to our target and to where it has sectors. */
    private static List<byte[]> requests(Path capture) throws IOException {
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(capture)).order(ByteOrder.LITTLE_ENDIAN);
        assertTrue(file.getInt(0) == 0xa1b2c3d4 || file.getInt(0) == 0xa1b23c4d, "pcap");
        List<byte[]> requests = new ArrayList<>();
        int at = PCAP_HEADER;
        while (at + RECORD_HEADER <= file.capacity()) {
            int bytes = file.getInt(at + 8);
            at += RECORD_HEADER;
            if (bytes >= AoeFrame.HEADER_BYTES && at + bytes <= file.capacity()) {
                byte[] frame = Arrays.copyOfRange(file.array(), at, at + bytes);
                if (!AoeFrame.isResponse(ByteBuffer.wrap(frame), 0)) {
                    requests.add(moved(frame));
                }
            }
            at += bytes;
        }
        assertFalse(requests.isEmpty(), "a capture without requests: " + capture);
        return requests;
    }

    private static byte[] moved(byte[] frame) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        if (AoeFrame.destination(buffer, 0) != Mac.BROADCAST) {
            Mac.put(buffer, 0, GoldenFrames.TARGET);
        }
        if (AoeFrame.major(buffer, 0) != 0xffff) {
            buffer.putShort(16, (short) 1).put(18, (byte) 1);
        }
        if (AoeFrame.command(buffer, 0) == Aoe.COMMAND_ATA && frame.length >= 34) {
            buffer.put(28, (byte) (frame[28] & 0x7f)); // the lowest byte of the address
            buffer.put(29, (byte) 0).put(30, (byte) 0);
        }
        return frame;
    }
}
