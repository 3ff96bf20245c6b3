// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.testing.FuzzBytes;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.FrameText;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;

/**
 * Frames that a fuzzer makes up, one after the other at one target. An input is a byte that chooses
 * the target and then frames, each behind its length in two bytes: ATA, config, mask and reserve.
 */
public final class FramesFuzz {
    private static final int MAX_FRAMES = 64;
    private static final int SECTORS = 64;
    private static final int MAX_FRAME_BYTES = 9014;

    private FramesFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        replay(new FuzzBytes(data));
    }

    /** Returns how many frames were answered. */
    static int replay(FuzzBytes input) {
        WatchedTarget target = new WatchedTarget(input.u8(), SECTORS);
        int answers = 0;
        for (int i = 0; i < MAX_FRAMES && input.hasMore(); i++) {
            byte[] block = input.block();
            answers += target.take(Arrays.copyOf(block, Math.min(block.length, MAX_FRAME_BYTES)));
        }
        return answers;
    }

    /** A small target whose disk is known beforehand, and which is checked after every frame. */
    static final class WatchedTarget {
        private static final int[] MTUS = {1500, 9000, 547, 68};

        private final HeldStore held;
        private final TargetRig rig;
        private final boolean slow;
        private final byte[] model;
        private final int sectors;

        /** Two bits for the MTU, one each for a slow disk, a read-only one and a mask list. */
        WatchedTarget(int choice, int sectors) {
            this.sectors = sectors;
            model = new byte[sectors * 512];
            boolean readOnly = (choice & 8) != 0;
            slow = (choice & 4) != 0 || readOnly;
            held = readOnly ? HeldStore.readOnly(sectors) : new HeldStore(sectors);
            rig =
                    new TargetRig(
                            slow ? held : held.memory(),
                            new FakePort(GoldenFrames.TARGET, MTUS[choice & 3], 8),
                            (choice & 16) != 0 ? new long[] {GoldenFrames.CLIENT} : new long[0]);
        }

        /** Returns the number of answers, 0 or 1. */
        int take(byte[] frame) {
            rig.receive(frame);
            if (slow) {
                held.completeAll();
            }
            List<byte[]> sent = rig.sent();
            assertTrue(sent.size() <= 1, "at most one answer");
            assertEquals(0, rig.port.claimed, "no slot lost");
            assertTrue(rig.target.idle());
            assertPrintable(frame);
            for (byte[] answer : sent) {
                check(frame, answer);
            }
            assertArrayEquals(model, disk(), () -> "the disk after " + TargetRig.text(frame));
            return sent.size();
        }

        private void check(byte[] frame, byte[] answer) {
            ByteBuffer asked = ByteBuffer.wrap(frame);
            ByteBuffer answered = ByteBuffer.wrap(answer);
            rig.checkAnswer(frame, answer);
            assertTrue(!AoeFrame.isResponse(asked, 0), "never to a response");
            assertTrue(Mac.isUnicast(AoeFrame.destination(answered, 0)), "never to many");
            assertPrintable(answer);
            if (AoeFrame.command(asked, 0) == 0 && !AoeFrame.isError(answered, 0)) {
                ata(asked, answered);
            }
        }

        /** What a disk does, told once more: only an answered write changes it. */
        private void ata(ByteBuffer asked, ByteBuffer answered) {
            int command = AtaFrame.command(asked, 0);
            boolean ok = (AtaFrame.status(answered, 0) & AtaFrame.STATUS_FAILED) == 0;
            long lba = AtaFrame.lba48(asked, 0);
            if (command == 0x20 || command == 0x30) {
                lba &= AtaFrame.LBA28_MASK;
            }
            int bytes = AtaFrame.sectorCount(asked, 0) * 512;
            if (!ok || bytes == 0) {
                return;
            }
            if (command == 0x30 || command == 0x34) {
                assertTrue(AoeFrame.major(asked, 0) == 1 && AoeFrame.minor(asked, 0) == 1);
                asked.get(36, model, (int) lba * 512, bytes);
            } else if (command == 0x20 || command == 0x24) {
                byte[] data = new byte[bytes];
                answered.get(36, data);
                int at = (int) lba * 512;
                assertArrayEquals(Arrays.copyOfRange(model, at, at + bytes), data);
            }
        }

        private byte[] disk() {
            byte[] bytes = new byte[sectors * 512];
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            held.memory().submit(new StoreRequest(done -> {}).read(0, sectors, buffer, 0));
            return bytes;
        }

        private static void assertPrintable(byte[] frame) {
            String text = FrameText.of(ByteBuffer.wrap(frame), 0, frame.length);
            assertTrue(text.chars().allMatch(c -> c >= ' ' && c < 0x7f), text);
        }
    }
}
