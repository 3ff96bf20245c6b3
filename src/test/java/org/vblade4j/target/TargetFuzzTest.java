// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.ReserveFrame;

/**
 * Bytes from nowhere. Whatever comes in: no exception, at most one answer and a well-formed one,
 * never an answer to a response, no slot lost, and a disk of the same size.
 */
class TargetFuzzTest {
    private static final int FRAMES = 200_000;
    private static final int FRAMES_PER_TARGET = 500;
    private static final int SECTORS = 64;
    private static final int[] MTUS = {68, 547, 600, 1500, 9000};
    private static final int[] ODD_BYTES = {0, 1, 2, 3, 0x7f, 0x80, 0xfe, 0xff};

    /** A target and a store that may be slow. */
    private static final class Victim {
        final HeldStore held;
        final TargetRig rig;
        final boolean slow;

        Victim(int mtuBytes, boolean slow, long... allowedMacs) {
            this.slow = slow;
            held = new HeldStore(SECTORS);
            rig =
                    new TargetRig(
                            slow ? held : held.memory(),
                            new FakePort(GoldenFrames.TARGET, mtuBytes, 8),
                            allowedMacs);
        }

        /** Returns whether there was an answer. */
        boolean take(byte[] frame) {
            rig.receive(frame);
            if (slow) {
                held.completeAll();
            }
            List<byte[]> sent = rig.sent();
            assertTrue(sent.size() <= 1, "at most one answer");
            assertEquals(0, rig.port.claimed, "no slot lost");
            assertEquals(SECTORS, held.sectors());
            assertTrue(rig.target.idle());
            if (!sent.isEmpty()) {
                assertTrue(!AoeFrame.isResponse(ByteBuffer.wrap(frame), 0), "not to a response");
                rig.checkAnswer(frame, sent.get(0));
            }
            return !sent.isEmpty();
        }
    }

    @Property(tries = 2000)
    void bytesOfAnyLengthAreSurvived(
            @ForAll @Size(max = 1600) byte[] bytes,
            @ForAll @IntRange(max = 8) int command,
            @ForAll boolean asAoe) {
        byte[] frame = bytes;
        if (asAoe && bytes.length >= AoeFrame.HEADER_BYTES) {
            byte[] header = Request.command(command).bytes();
            frame = Arrays.copyOf(header, bytes.length);
            System.arraycopy(bytes, 24, frame, 24, bytes.length - 24);
        }
        assertTrue(!new Victim(1500, false).take(frame) || asAoe || frame.length >= 24);
    }

    @Test
    void mutatedFramesAreSurvived(TestReporter reporter) {
        long seed = Long.getLong("vblade4j.fuzz.seed", System.nanoTime());
        reporter.publishEntry("vblade4j.fuzz.seed", Long.toString(seed));
        Random random = new Random(seed);
        List<byte[]> corpus = corpus();
        Victim victim = null;
        int answers = 0;
        for (int i = 0; i < FRAMES; i++) {
            if (i % FRAMES_PER_TARGET == 0) {
                int mtuBytes = MTUS[random.nextInt(MTUS.length)];
                victim = new Victim(mtuBytes, random.nextBoolean(), masks(random));
            }
            byte[] frame = mutate(corpus.get(random.nextInt(corpus.size())), random);
            try {
                answers += victim.take(frame) ? 1 : 0;
            } catch (RuntimeException | AssertionError e) {
                String hex = HexFormat.of().formatHex(frame);
                throw new AssertionError("seed " + seed + ", frame " + i + ": " + hex, e);
            }
        }
        assertTrue(answers > FRAMES / 20, "the frames got through to the commands: " + answers);
    }

    private static long[] masks(Random random) {
        return random.nextInt(8) == 0 ? new long[] {GoldenFrames.CLIENT} : new long[0];
    }

    private static List<byte[]> corpus() {
        List<byte[]> corpus = new ArrayList<>();
        for (GoldenFrames.Exchange exchange : GoldenFrames.ALL) {
            corpus.add(GoldenFrames.bytes(exchange.request(), exchange.requestDataBytes()));
        }
        corpus.add(Request.config(ConfigFrame.FORCE_SET, new byte[1024]).bytes());
        corpus.add(Request.config(ConfigFrame.PREFIX, "abc").bytes());
        corpus.add(Request.maskEdit(2).directive(1, GoldenFrames.CLIENT).directive(2, 7).bytes());
        corpus.add(Request.reserve(ReserveFrame.FORCE_SET, 1, 2, 3).bytes());
        corpus.add(Request.ata(0x20, 2, 0xe000_0000L).bytes());
        corpus.add(Request.ata(0xea, 0, 0).bytes());
        corpus.add(Request.ata(0xe5, 1, 0).bytes());
        return corpus;
    }

    static byte[] mutate(byte[] original, Random random) {
        byte[] frame = original.clone();
        int mutations = random.nextInt(5);
        for (int i = 0; i < mutations && frame.length > 0; i++) {
            // Mostly the fields that commands read, sometimes anything.
            int start = random.nextInt(4) == 0 ? 0 : Math.min(14, frame.length - 1);
            int end = random.nextInt(4) == 0 ? frame.length : Math.min(40, frame.length);
            int at = start + random.nextInt(Math.max(1, end - start));
            switch (random.nextInt(5)) {
                case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> frame[at] = (byte) random.nextInt(256);
                case 2 -> frame[at] = (byte) ODD_BYTES[random.nextInt(ODD_BYTES.length)];
                case 3 -> frame = Arrays.copyOf(frame, random.nextInt(frame.length + 1));
                default -> frame = Arrays.copyOf(frame, frame.length + random.nextInt(1200));
            }
        }
        return frame;
    }
}
