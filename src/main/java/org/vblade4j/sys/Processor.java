// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Where a thread runs. */
public final class Processor {
    private static final int SET_BYTES = 1024; // 8192 processors

    private Processor() {}

    /**
     * Keeps the calling thread on the processor that it is on. What it sends through a veth or a
     * network card with several queues then stays in order: each processor has a queue of its own.
     *
     * @throws OsException the system does not allow it
     */
    public static void stay() throws OsException {
        int processor = Libc.sched_getcpu();
        if (processor < 0) {
            throw OsException.last("sched_getcpu");
        }
        try (NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES)) {
            ByteBuffer set = memory.buffer().duplicate().order(ByteOrder.nativeOrder());
            int at = processor / Long.SIZE * Long.BYTES;
            set.putLong(at, 1L << processor % Long.SIZE);
            if (Libc.sched_setaffinity(0, SET_BYTES, memory.address()) != 0) {
                throw OsException.last("sched_setaffinity");
            }
        }
    }
}
