// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What statx(2) tells of an open file that the older calls do not.
 *
 * @param directMemoryBytes the memory of direct transfers lies at multiples of it; 0 when not told
 * @param directBlockBytes place and length of direct transfers are multiples of it; 0 when not
 *     told: before Linux 6.1, by many file systems, and of files that direct transfers are not for
 * @param device the device that the file's file system says it lies on, {@code MAJOR:MINOR}
 */
public record Statx(int directMemoryBytes, int directBlockBytes, String device) {
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_DIOALIGN = 0x2000;

    // In struct statx:
    private static final int STRUCT_BYTES = 256;
    private static final int DEVICE_AT = 136;
    private static final int DIRECT_AT = 152;

    /** Null where the kernel has no such call. */
    public static Statx of(FileCalls calls, int fd) {
        ByteBuffer answer =
                ByteBuffer.allocateDirect(STRUCT_BYTES + Long.BYTES).order(ByteOrder.nativeOrder());
        long address = Libc.address(answer);
        long noPath = address + STRUCT_BYTES;
        if (calls.statx(fd, noPath, AT_EMPTY_PATH, STATX_DIOALIGN, address) < 0) {
            return null;
        }
        // Where it is not told these fields are zero.
        return new Statx(
                answer.getInt(DIRECT_AT),
                answer.getInt(DIRECT_AT + Integer.BYTES),
                answer.getInt(DEVICE_AT) + ":" + answer.getInt(DEVICE_AT + Integer.BYTES));
    }
}
