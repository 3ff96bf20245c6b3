// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;

/** Memory for arrays of struct iovec, and the addresses of the buffers they name. */
final class IoVectors implements AutoCloseable {
    /** A port has two: its slots and its receive ring. */
    private static final int KNOWN = 4;

    private final NativeMemory memory;
    private final ByteBuffer buffer;
    private final ByteBuffer[] known = new ByteBuffer[KNOWN];
    private final long[] addresses = new long[KNOWN];
    private int nextKnown;

    IoVectors(int count) throws OsException {
        memory = NativeMemory.allocate((long) count * Sockets.IOVEC_BYTES);
        buffer = Libc.wrap(memory.address(), memory.lengthBytes()).order(ByteOrder.nativeOrder());
    }

    void put(int index, long address, int bytes) {
        int at = index * Sockets.IOVEC_BYTES;
        buffer.putLong(at, address);
        buffer.putLong(at + Sockets.IOVEC_LEN, bytes);
    }

    long address(int index) {
        return memory.address() + (long) index * Sockets.IOVEC_BYTES;
    }

    /** Of a direct buffer's byte 0. Few buffers come back again and again, and asking allocates. */
    @SuppressWarnings("ReferenceEquality") // equal contents are not the same memory
    long address(ByteBuffer direct) {
        for (int i = 0; i < KNOWN; i++) {
            if (known[i] == direct) {
                return addresses[i];
            }
        }
        int place = nextKnown++ % KNOWN;
        known[place] = direct;
        addresses[place] = Libc.address(direct);
        return addresses[place];
    }

    @Override
    public void close() {
        memory.close();
    }
}
