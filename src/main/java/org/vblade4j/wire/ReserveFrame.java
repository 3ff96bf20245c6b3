// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;

/**
 * The arguments of command 3, Reserve/Release (AoEr11 §3.4).
 *
 * <pre>
 * 24 operation   25 address count   26 addresses of 6 bytes
 * </pre>
 */
public final class ReserveFrame {
    public static final int OPERATION_OFFSET = 24;
    public static final int COUNT_OFFSET = 25;
    public static final int MACS_OFFSET = 26;

    /** The count is one byte. */
    public static final int MAX_MACS = 255;

    public static final int READ = 0;

    /** Replace the list if it is empty or the sender is on it; no address releases. */
    public static final int SET = 1;

    /** Replace the list whoever holds it. */
    public static final int FORCE_SET = 2;

    private ReserveFrame() {}

    public static int operation(ByteBuffer buffer, int offset) {
        return buffer.get(offset + OPERATION_OFFSET) & 0xff;
    }

    /** As claimed; not checked against the frame. */
    public static int count(ByteBuffer buffer, int offset) {
        return buffer.get(offset + COUNT_OFFSET) & 0xff;
    }

    public static long mac(ByteBuffer buffer, int offset, int index) {
        return Mac.get(buffer, offset + frameBytes(index));
    }

    /** Writes the fixed part. */
    public static void put(ByteBuffer buffer, int offset, int operation, int count) {
        buffer.put(offset + OPERATION_OFFSET, (byte) operation);
        buffer.put(offset + COUNT_OFFSET, (byte) count);
    }

    public static void putMac(ByteBuffer buffer, int offset, int index, long mac) {
        Mac.put(buffer, offset + frameBytes(index), mac);
    }

    /** A frame's length with this many addresses. */
    public static int frameBytes(int macs) {
        return MACS_OFFSET + macs * Mac.BYTES;
    }
}
