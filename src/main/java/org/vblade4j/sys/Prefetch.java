// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.nio.ByteBuffer;

/**
 * Tells the processor which memory will be read next, so that it fetches all of it at once. The
 * kernel copies one frame's data after the other and waits for memory each time, 0.4 us for 1 KiB.
 *
 * <p>Nothing is read: a prefetch instruction cannot fault, does not wait for a page that is not in
 * memory, and may be given any address. Neither Java nor the C library has a call for it, so this
 * is the one piece of machine code here: 37 bytes that lfind(3) calls for each vector. On other
 * processors than x86-64, and where the system permits no new code, it does nothing.
 */
public final class Prefetch {
    /** {@code int f(const void *key, const struct iovec *v)}: never finds what lfind looks for. */
    private static final int[] X86_64 = {
        0xf3,
        0x0f,
        0x1e,
        0xfa, // endbr64
        0x48,
        0x8b,
        0x06, //       mov rax, [rsi]      from iov_base
        0x48,
        0x8b,
        0x4e,
        0x08, // mov rcx, [rsi + 8]
        0x48,
        0x01,
        0xc1, //       add rcx, rax        to iov_base + iov_len
        0xeb,
        0x07, //             jmp 2f
        0x0f,
        0x18,
        0x08, //    1: prefetcht0 [rax]
        0x48,
        0x83,
        0xc0,
        0x40, // add rax, 64         a cache line
        0x48,
        0x39,
        0xc8, //    2: cmp rax, rcx
        0x72,
        0xf4, //             jb 1b
        0xb8,
        1,
        0,
        0,
        0, //       mov eax, 1
        0xc3 //                    ret
    };

    /** Of the code, for the life of the process; 0 when there is none. */
    private static final long CODE = load();

    private Prefetch() {}

    private static long load() {
        if (!System.getProperty("os.arch").equals("amd64")) {
            return 0;
        }
        int flags = Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS;
        int writable = Linux.PROT_READ | Linux.PROT_WRITE;
        long page = Libc.mmap(0, NativeMemory.PAGE_BYTES, writable, flags, -1, 0);
        if (page == Linux.MAP_FAILED) {
            return 0;
        }
        ByteBuffer code = Libc.wrap(page, NativeMemory.PAGE_BYTES);
        for (int i = 0; i < X86_64.length; i++) {
            code.put(i, (byte) X86_64[i]);
        }
        int executable = Linux.PROT_READ | Linux.PROT_EXEC;
        return Libc.mprotect(page, NativeMemory.PAGE_BYTES, executable) == 0 ? page : 0;
    }

    /** Whether {@link #vectors} does anything here. */
    public static boolean available() {
        return CODE != 0;
    }

    /**
     * Any thread.
     *
     * @param first address of the first struct iovec
     * @param countAddress where their number is, a long
     * @param strideBytes from one to the next
     */
    public static void vectors(long first, long countAddress, int strideBytes) {
        if (CODE != 0) {
            Libc.lfind(0, first, countAddress, strideBytes, CODE);
        }
    }
}
