// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The machine code of {@link Prefetch} as it lies in memory, and an interpreter of the few x86-64
 * instructions that it is made of, after Intel's manual (volume 2): what they prefetch can be seen
 * in no other way than by measuring time.
 */
final class PrefetchCode {
    private static final int MOST_STEPS = 100_000;

    /** What a processor would prefetch, and return. */
    record Outcome(List<Long> prefetched, int result) {}

    private final ByteBuffer code;
    private final List<Long> prefetched = new ArrayList<>();
    private long rax;
    private long rcx;
    private boolean below;

    private PrefetchCode(ByteBuffer code) {
        this.code = code;
    }

    /** Pages of this process that hold the code, with their permissions as proc(5) writes them. */
    static List<String> permissions() throws IOException {
        return find().stream().map(line -> line.split(" ")[1]).toList();
    }

    private static List<String> find() throws IOException {
        List<String> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"))) {
            boolean anonymous = line.split(" +").length == 5;
            boolean page = address(line, 1) - address(line, 0) == NativeMemory.PAGE_BYTES;
            boolean code = line.split(" ")[1].startsWith("r-x");
            if (anonymous && page && code && beginsRight(address(line, 0))) {
                found.add(line);
            }
        }
        return found;
    }

    /** With endbr64: other code may lie in pages of its own too. */
    private static boolean beginsRight(long address) {
        return Libc.wrap(address, Integer.BYTES).getInt(0) == 0xf30f1efa;
    }

    private static long address(String line, int which) {
        return Long.parseUnsignedLong(line.split(" ")[0].split("-")[which], 16);
    }

    /** Runs the code for one struct iovec. */
    static Outcome run(long iovBase, long iovLen) throws IOException {
        long address = address(find().get(0), 0);
        ByteBuffer page = Libc.wrap(address, NativeMemory.PAGE_BYTES);
        PrefetchCode code = new PrefetchCode(page.order(ByteOrder.LITTLE_ENDIAN));
        for (int step = 0; step < MOST_STEPS; step++) {
            if (code.step(iovBase, iovLen)) {
                return new Outcome(code.prefetched, (int) code.rax);
            }
        }
        throw new AssertionError("does not return");
    }

    /** True at the return. */
    private boolean step(long iovBase, long iovLen) {
        int opcode = next();
        switch (opcode) {
            case 0xf3 -> expect(0x0f, 0x1e, 0xfa); // endbr64
            case 0x48 -> wide(iovBase, iovLen);
            case 0xeb -> jump(true); // jmp rel8
            case 0x72 -> jump(below); // jb rel8
            case 0x0f -> { // prefetcht1 [rax]
                expect(0x18, 0x10);
                prefetched.add(rax);
            }
            case 0xb8 -> { // mov eax, imm32
                rax = code.getInt(code.position());
                code.position(code.position() + Integer.BYTES);
            }
            case 0xc3 -> { // ret
                return true;
            }
            default -> throw new AssertionError("opcode " + Integer.toHexString(opcode));
        }
        return false;
    }

    /** With the prefix for operands of 64 bits. */
    private void wide(long iovBase, long iovLen) {
        int opcode = next();
        int operands = next();
        switch (opcode << 8 | operands) {
            case 0x8b06 -> rax = iovBase; // mov rax, [rsi]
            case 0x8b4e -> { // mov rcx, [rsi + 8]
                expect(Sockets.IOVEC_LEN);
                rcx = iovLen;
            }
            case 0x01c1 -> rcx += rax; // add rcx, rax
            case 0x83c0 -> rax += (byte) next(); // add rax, imm8
            case 0x39c8 -> below = Long.compareUnsigned(rax, rcx) < 0; // cmp rax, rcx
            default -> throw new AssertionError("opcode 48 " + Integer.toHexString(opcode));
        }
    }

    private void jump(boolean taken) {
        int distance = (byte) next();
        code.position(code.position() + (taken ? distance : 0));
    }

    private void expect(int... bytes) {
        for (int expected : bytes) {
            int found = next();
            if (found != expected) {
                throw new AssertionError(Integer.toHexString(found) + " at " + code.position());
            }
        }
    }

    private int next() {
        return code.get() & 0xff;
    }
}
