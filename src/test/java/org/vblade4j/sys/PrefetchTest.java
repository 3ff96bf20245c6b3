// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    private static final int STRIDE = 2 * Sockets.IOVEC_BYTES;

    @Test
    void worksOnTheProcessorsItIsWrittenFor() {
        assertEquals(System.getProperty("os.arch").equals("amd64"), Prefetch.available());
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
