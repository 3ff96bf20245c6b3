// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The steering program, run here by a small interpreter. */
final class SteeringProgramTest {
    private static final int ELSEWHERE = 5000;

    private static int run(List<AoeFilter.Instruction> program, int shelf, int slot, int command) {
        ByteBuffer frame = ByteBuffer.allocate(10); // from behind the Ethernet header
        frame.putShort(2, (short) shelf).put(4, (byte) slot).put(5, (byte) command);
        int accumulator = 0;
        for (int at = 0; ; at++) {
            AoeFilter.Instruction now = program.get(at);
            boolean holds = false;
            switch (now.code()) {
                case SteeringProgram.LOAD_WORD -> accumulator = frame.getInt(now.k());
                case SteeringProgram.SHIFT_RIGHT -> accumulator >>>= now.k();
                case SteeringProgram.JUMP -> at += now.k();
                case SteeringProgram.JUMP_AT_LEAST ->
                        holds = Integer.compareUnsigned(accumulator, now.k()) >= 0;
                case AoeFilter.JUMP_EQUAL -> holds = accumulator == now.k();
                case AoeFilter.RETURN -> {
                    return now.k();
                }
                default -> throw new AssertionError("no such instruction: " + now);
            }
            at += holds ? now.whenTrue() : now.whenFalse();
        }
    }

    private static List<AoeFilter.Instruction> program(int[] keys) {
        int[] places = new int[keys.length];
        for (int i = 0; i < places.length; i++) {
            places[i] = (i * 7 + 3) % 1000;
        }
        return SteeringProgram.of(keys, places, ELSEWHERE);
    }

    @Property(tries = 300)
    void everyAddressLeadsToItsPlaceAndAllOthersElsewhere(
            @ForAll @Size(max = 300) Set<@IntRange(max = 0xfffefe) Integer> addresses,
            @ForAll @IntRange(max = 0xffffff) int other) {
        int[] keys = new TreeSet<>(addresses).stream().mapToInt(Integer::intValue).toArray();
        List<AoeFilter.Instruction> program = program(keys);
        for (int i = 0; i < keys.length; i++) {
            assertEquals((i * 7 + 3) % 1000, run(program, keys[i] >> 8, keys[i] & 0xff, 0xff));
            if (!addresses.contains(keys[i] + 1)) {
                int next = keys[i] + 1;
                assertEquals(ELSEWHERE, run(program, next >> 8, next & 0xff, 0));
            }
        }
        if (!addresses.contains(other)) {
            assertEquals(ELSEWHERE, run(program, other >> 8, other & 0xff, 1));
        }
        assertEquals(ELSEWHERE, run(program, 0xffff, 0xff, 1));
    }

    @Example
    void asManyAsAllowedFitTheKernelsLimit() {
        int[] keys = new int[SteeringProgram.MAX_MEMBERS];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = SteeringProgram.key(i / 200, i % 200);
        }
        List<AoeFilter.Instruction> program = program(keys);
        assertTrue(program.size() <= 4096, program.size() + " instructions");
        for (AoeFilter.Instruction instruction : program) {
            assertTrue(instruction.whenTrue() <= 255 && instruction.whenFalse() <= 255);
        }
        assertEquals((799 * 7 + 3) % 1000, run(program, 799 / 200, 799 % 200, 0));
    }
}
