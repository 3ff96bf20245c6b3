// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.util.List;
import org.vblade4j.net.PortOptions;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/**
 * The socket filter, a classic BPF program (linux/filter.h): what {@link
 * org.vblade4j.net.AcceptRule} says, decided by the kernel. A load beyond the frame's end refuses
 * the frame.
 */
final class AoeFilter {
    static final int LOAD_HALF = 0x28; // BPF_LD | BPF_H | BPF_ABS
    static final int LOAD_BYTE = 0x30; // BPF_LD | BPF_B | BPF_ABS
    static final int JUMP_EQUAL = 0x15; // BPF_JMP | BPF_JEQ | BPF_K
    static final int JUMP_SET = 0x45; // BPF_JMP | BPF_JSET | BPF_K
    static final int RETURN = 0x06; // BPF_RET | BPF_K

    private static final int WHOLE_FRAME = 0x40000;

    private AoeFilter() {}

    /**
     * One struct sock_filter.
     *
     * @param whenTrue instructions that a jump skips if its test holds
     * @param whenFalse those that it skips if not
     * @param k the constant: an offset, a value to compare with, or a length to keep
     */
    record Instruction(int code, int whenTrue, int whenFalse, int k) {
        static Instruction plain(int code, int k) {
            return new Instruction(code, 0, 0, k);
        }
    }

    static List<Instruction> program(PortOptions options) {
        return options.accept() == PortOptions.Accept.REQUESTS
                ? requests(options.address())
                : responses();
    }

    /** For sockets that the kernel steers to: all requests, whoever they are for. */
    static List<Instruction> anyRequest() {
        return List.of(
                Instruction.plain(LOAD_HALF, AoeFrame.ETHERTYPE_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 4, Aoe.ETHERTYPE),
                Instruction.plain(LOAD_BYTE, AoeFrame.VERSION_FLAGS_OFFSET),
                new Instruction(JUMP_SET, 2, 0, Aoe.FLAG_RESPONSE),
                Instruction.plain(LOAD_BYTE, AoeFrame.MINOR_OFFSET), // must be there
                Instruction.plain(RETURN, WHOLE_FRAME),
                Instruction.plain(RETURN, 0));
    }

    /** For a target's socket that the kernel steers to: the same, and its rivals' responses. */
    static List<Instruction> steered(AoeAddress address) {
        return List.of(
                Instruction.plain(LOAD_HALF, AoeFrame.ETHERTYPE_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 8, Aoe.ETHERTYPE),
                Instruction.plain(LOAD_BYTE, AoeFrame.VERSION_FLAGS_OFFSET),
                new Instruction(JUMP_SET, 0, 4, Aoe.FLAG_RESPONSE),
                Instruction.plain(LOAD_HALF, AoeFrame.MAJOR_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 4, address.shelf()),
                Instruction.plain(LOAD_BYTE, AoeFrame.MINOR_OFFSET),
                new Instruction(JUMP_EQUAL, 1, 2, address.slot()),
                Instruction.plain(LOAD_BYTE, AoeFrame.MINOR_OFFSET), // must be there
                Instruction.plain(RETURN, WHOLE_FRAME),
                Instruction.plain(RETURN, 0));
    }

    /** Own address: both directions. A wildcard: requests only. */
    static List<Instruction> requests(AoeAddress address) {
        return List.of(
                Instruction.plain(LOAD_HALF, AoeFrame.ETHERTYPE_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 12, Aoe.ETHERTYPE),
                Instruction.plain(LOAD_HALF, AoeFrame.MAJOR_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 3, address.shelf()),
                Instruction.plain(LOAD_BYTE, AoeFrame.MINOR_OFFSET),
                new Instruction(JUMP_EQUAL, 7, 0, address.slot()),
                new Instruction(JUMP_EQUAL, 4, 7, AoeAddress.WILDCARD_SLOT),
                new Instruction(JUMP_EQUAL, 0, 6, AoeAddress.WILDCARD_SHELF),
                Instruction.plain(LOAD_BYTE, AoeFrame.MINOR_OFFSET),
                new Instruction(JUMP_EQUAL, 1, 0, address.slot()),
                new Instruction(JUMP_EQUAL, 0, 3, AoeAddress.WILDCARD_SLOT),
                Instruction.plain(LOAD_BYTE, AoeFrame.VERSION_FLAGS_OFFSET),
                new Instruction(JUMP_SET, 1, 0, Aoe.FLAG_RESPONSE),
                Instruction.plain(RETURN, WHOLE_FRAME),
                Instruction.plain(RETURN, 0));
    }

    private static List<Instruction> responses() {
        return List.of(
                Instruction.plain(LOAD_HALF, AoeFrame.ETHERTYPE_OFFSET),
                new Instruction(JUMP_EQUAL, 0, 3, Aoe.ETHERTYPE),
                Instruction.plain(LOAD_BYTE, AoeFrame.VERSION_FLAGS_OFFSET),
                new Instruction(JUMP_SET, 0, 1, Aoe.FLAG_RESPONSE),
                Instruction.plain(RETURN, WHOLE_FRAME),
                Instruction.plain(RETURN, 0));
    }
}
