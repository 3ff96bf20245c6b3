// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefetchTest {
    private static final long CACHE_LINE = 64;
    private static final int STRIDE = 2 * Sockets.IOVEC_BYTES;

    /** As the kernel names it: the class asks the JVM. */
    private static boolean processorIsX86() throws IOException {
        Process uname = new ProcessBuilder("uname", "-m").start();
        return new String(uname.getInputStream().readAllBytes(), UTF_8).strip().equals("x86_64");
    }

    @Test
    void hasAPageOfCodeThatNobodyCanWriteToOnTheProcessorsItIsWrittenFor() throws IOException {
        assertEquals(processorIsX86(), Prefetch.available());
        List<String> expected = processorIsX86() ? List.of("r-xp") : List.of();
        assertEquals(expected, PrefetchCode.permissions());
    }

    /** Each cache line from the first byte's to the last one's, once, and none behind. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "4096, 1, 1",
        "4096, 64, 1",
        "4096, 65, 2",
        "4096, 1024, 16",
        "4132, 8704, 136",
        "-4096, 1024, 16",
        "-64, 128, 0",
        "9223372036854775744, 128, 2"
    })
    void namesEachCacheLineOfAVectorToTheProcessor(long base, long bytes, int lines)
            throws IOException {
        if (!processorIsX86()) {
            return; // there is no code to look at, as is tested above
        }
        List<Long> expected =
                LongStream.range(0, lines).mapToObj(line -> base + line * CACHE_LINE).toList();
        assertEquals(new PrefetchCode.Outcome(expected, 1), PrefetchCode.run(base, bytes));
    }

    /** No address and no length is wrong: a mistake would end the JVM here, or never return. */
    @Test
    void noAddressIsWrong() throws OsException {
        try (NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
                NativeMemory gone = NativeMemory.allocate(NativeMemory.PAGE_BYTES)) {
            ByteBuffer fields = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
            Libc.mprotect(gone.address(), NativeMemory.PAGE_BYTES, Linux.PROT_NONE);
            long[][] vectors = {
                {memory.address(), NativeMemory.PAGE_BYTES},
                {memory.address() + 7, 1},
                {gone.address(), NativeMemory.PAGE_BYTES},
                {0, 1024},
                {-4096, 1024},
                {0x1234_5678_9abc_def0L, 8704},
                {memory.address(), 0},
                {0, 0},
            };
            for (int i = 0; i < vectors.length; i++) {
                int at = Long.BYTES + i * STRIDE;
                fields.putLong(at, vectors[i][0]);
                fields.putLong(at + Sockets.IOVEC_LEN, vectors[i][1]);
            }
            byte[] before = bytes(memory);
            for (long count = 0; count <= vectors.length; count++) {
                fields.putLong(0, count);
                Prefetch.vectors(memory.address() + Long.BYTES, memory.address(), STRIDE);
                assertEquals(count, fields.getLong(0));
            }
            fields.putLong(0, 0);
            assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(bytes(memory)), "reads only");
            Libc.mprotect(
                    gone.address(), NativeMemory.PAGE_BYTES, Linux.PROT_READ | Linux.PROT_WRITE);
        }
    }

    private static byte[] bytes(NativeMemory memory) {
        byte[] bytes = new byte[NativeMemory.PAGE_BYTES];
        memory.buffer().get(0, bytes);
        return bytes;
    }
}
