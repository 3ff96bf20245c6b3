// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.vblade4j.net.AcceptRule;
import org.vblade4j.net.PortOptions;
import org.vblade4j.wire.AoeAddress;

/** The kernel's program, run here by a small interpreter, against the rule in Java. */
final class AoeFilterTest {
    private static final PortOptions RESPONSES = PortOptions.forInitiator("any", 1, 1);

    private static PortOptions requests(int shelf, int slot) {
        return PortOptions.forTarget("any", new AoeAddress(shelf, slot), 1, 1);
    }

    private static boolean both(PortOptions options, ByteBuffer frame, int bytes) {
        boolean rule = new AcceptRule(options).accepts(frame, 0, bytes);
        assertEquals(rule, run(AoeFilter.program(options), frame, bytes), options.toString());
        return rule;
    }

    /** As the kernel runs it: a load beyond the frame returns 0. */
    private static boolean run(
            List<AoeFilter.Instruction> program, ByteBuffer frame, int lengthBytes) {
        int accumulator = 0;
        int at = 0;
        while (true) {
            AoeFilter.Instruction now = program.get(at++);
            int k = now.k();
            boolean holds = false;
            switch (now.code()) {
                case AoeFilter.LOAD_HALF -> {
                    if (k + 2 > lengthBytes) {
                        return false;
                    }
                    accumulator = frame.getShort(k) & 0xffff;
                }
                case AoeFilter.LOAD_BYTE -> {
                    if (k + 1 > lengthBytes) {
                        return false;
                    }
                    accumulator = frame.get(k) & 0xff;
                }
                case AoeFilter.JUMP_EQUAL -> holds = accumulator == k;
                case AoeFilter.JUMP_SET -> holds = (accumulator & k) != 0;
                case AoeFilter.RETURN -> {
                    return k != 0;
                }
                default -> throw new AssertionError("no such instruction: " + now);
            }
            at += holds ? now.whenTrue() : now.whenFalse();
        }
    }

    @Property(tries = 2000)
    void agreesWithTheRuleOnAnyBytes(@ForAll @Size(max = 64) byte[] bytes) {
        ByteBuffer frame = ByteBuffer.wrap(bytes);
        both(requests(1, 2), frame, bytes.length);
        both(RESPONSES, frame, bytes.length);
    }

    @Property(tries = 5000)
    void agreesWithTheRuleNearTheBoundary(
            @ForAll @IntRange(max = 24) int bytes,
            @ForAll boolean aoe,
            @ForAll byte flags,
            @ForAll @IntRange(max = 3) int shelfChoice,
            @ForAll @IntRange(max = 3) int slotChoice) {
        int[] shelves = {0x0102, 0x0201, 0xffff, 0x01ff};
        int[] slots = {3, 4, 0xff, 0};
        ByteBuffer frame = ByteBuffer.allocate(24);
        frame.putShort(12, (short) (aoe ? 0x88a2 : 0x88a3));
        frame.put(14, flags);
        frame.putShort(16, (short) shelves[shelfChoice]);
        frame.put(18, (byte) slots[slotChoice]);
        both(requests(0x0102, 3), frame, bytes);
        both(RESPONSES, frame, bytes);
    }

    @Example
    void decidesWhatItIsMeantTo() {
        ByteBuffer frame = ByteBuffer.allocate(60);
        frame.putShort(12, (short) 0x88a2).put(14, (byte) 0x10).putShort(16, (short) 65534);
        frame.put(18, (byte) 254);
        assertTrue(both(requests(65534, 254), frame, 60));
        assertEquals(false, both(requests(65534, 253), frame, 60));
        assertEquals(false, both(RESPONSES, frame, 60));
        frame.put(14, (byte) 0x18);
        assertTrue(both(requests(65534, 254), frame, 60)); // a rival's
        assertEquals(false, both(requests(65534, 253), frame, 60));
        assertTrue(both(RESPONSES, frame, 60));
        frame.put(18, (byte) 0xff);
        assertEquals(false, both(requests(65534, 254), frame, 60));
    }

    @Example
    void everyJumpStaysInsideTheProgram() {
        for (PortOptions options : List.of(requests(1, 1), RESPONSES)) {
            List<AoeFilter.Instruction> program = AoeFilter.program(options);
            for (int i = 0; i < program.size(); i++) {
                AoeFilter.Instruction at = program.get(i);
                int furthest = i + 1 + Math.max(at.whenTrue(), at.whenFalse());
                assertTrue(at.code() == AoeFilter.RETURN || furthest < program.size());
            }
        }
    }
}
