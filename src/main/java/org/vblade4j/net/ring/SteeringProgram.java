// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.util.ArrayList;
import java.util.List;
import org.vblade4j.wire.AoeFrame;

/**
 * The program of a fanout group: returns the place of the member that a frame is for. It looks the
 * frame's shelf and slot up by halving, ten comparisons for a thousand members, and sees the frame
 * from behind its Ethernet header.
 */
final class SteeringProgram {
    static final int LOAD_WORD = 0x20; // BPF_LD | BPF_W | BPF_ABS
    static final int SHIFT_RIGHT = 0x74; // BPF_ALU | BPF_RSH | BPF_K
    static final int JUMP_AT_LEAST = 0x35; // BPF_JMP | BPF_JGE | BPF_K
    static final int JUMP = 0x05; // BPF_JMP | BPF_JA

    /** The kernel takes 4096 instructions; a member costs five. */
    static final int MAX_MEMBERS = 800;

    /** Where the shelf is from behind the Ethernet header; slot and command follow it. */
    private static final int SHELF_OFFSET = AoeFrame.MAJOR_OFFSET - AoeFrame.VERSION_FLAGS_OFFSET;

    private final int[] keys;
    private final int[] places;
    private final int elsewhere;

    private SteeringProgram(int[] keys, int[] places, int elsewhere) {
        this.keys = keys;
        this.places = places;
        this.elsewhere = elsewhere;
    }

    /** What is looked up: shelf and slot in one number. */
    static int key(int shelf, int slot) {
        return shelf << 8 | slot;
    }

    /**
     * @param keys ascending, of at most {@link #MAX_MEMBERS} members
     * @param places the member's place for each key
     * @param elsewhere the place for all other frames
     */
    static List<AoeFilter.Instruction> of(int[] keys, int[] places, int elsewhere) {
        List<AoeFilter.Instruction> program = new ArrayList<>();
        program.add(AoeFilter.Instruction.plain(LOAD_WORD, SHELF_OFFSET));
        program.add(AoeFilter.Instruction.plain(SHIFT_RIGHT, 8));
        program.addAll(new SteeringProgram(keys, places, elsewhere).search(0, keys.length));
        return program;
    }

    private List<AoeFilter.Instruction> search(int from, int to) {
        List<AoeFilter.Instruction> part = new ArrayList<>();
        if (from == to) {
            part.add(AoeFilter.Instruction.plain(AoeFilter.RETURN, elsewhere));
        } else if (to - from == 1) {
            part.add(new AoeFilter.Instruction(AoeFilter.JUMP_EQUAL, 0, 1, keys[from]));
            part.add(AoeFilter.Instruction.plain(AoeFilter.RETURN, places[from]));
            part.add(AoeFilter.Instruction.plain(AoeFilter.RETURN, elsewhere));
        } else {
            int middle = (from + to) >>> 1;
            List<AoeFilter.Instruction> lower = search(from, middle);
            part.add(new AoeFilter.Instruction(JUMP_AT_LEAST, 0, 1, keys[middle]));
            part.add(
                    AoeFilter.Instruction.plain(
                            JUMP, lower.size())); // a test's own jump reaches 255 only
            part.addAll(lower);
            part.addAll(search(middle, to));
        }
        return part;
    }
}
