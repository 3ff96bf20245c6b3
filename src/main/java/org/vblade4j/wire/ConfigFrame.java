// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;

/**
 * The arguments of command 1, Config/Query (AoEr11 §3.2).
 *
 * <pre>
 * 24 buffer count (2)          26 firmware version (2)
 * 28 sector count              29 version:4 operation:4
 * 30 config string length (2)  32 config string, at most 1024
 * </pre>
 */
public final class ConfigFrame {
    public static final int BUFFER_COUNT_OFFSET = 24;
    public static final int FIRMWARE_OFFSET = 26;
    public static final int SECTOR_COUNT_OFFSET = 28;
    public static final int VERSION_OPERATION_OFFSET = 29;
    public static final int LENGTH_OFFSET = 30;
    public static final int STRING_OFFSET = 32;
    public static final int MAX_STRING_BYTES = 1024;

    /** Answer with the string; what the request carries is ignored. */
    public static final int READ = 0;

    /** Answer if the strings are equal. */
    public static final int TEST = 1;

    /** Answer if the request's string is a prefix of the target's. */
    public static final int PREFIX = 2;

    /** Store the string if there is none yet or it is the same, else error 4. */
    public static final int SET = 3;

    /** Store the string; an empty one clears it. */
    public static final int FORCE_SET = 4;

    private ConfigFrame() {}

    /** Requests that the target keeps; it may drop what exceeds them. */
    public static int bufferCount(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + BUFFER_COUNT_OFFSET) & 0xffff;
    }

    public static int firmware(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + FIRMWARE_OFFSET) & 0xffff;
    }

    /** The most sectors a request may ask for; 0 stands for 2. */
    public static int sectorCount(ByteBuffer buffer, int offset) {
        return buffer.get(offset + SECTOR_COUNT_OFFSET) & 0xff;
    }

    /** The protocol version of a response's sender; some clients send 0. */
    public static int version(ByteBuffer buffer, int offset) {
        return (buffer.get(offset + VERSION_OPERATION_OFFSET) & 0xf0) >> 4;
    }

    /** {@link #READ} to {@link #FORCE_SET}, or what a stranger sent, up to 15. */
    public static int operation(ByteBuffer buffer, int offset) {
        return buffer.get(offset + VERSION_OPERATION_OFFSET) & 0xf;
    }

    /** As claimed, up to 65535; not checked against the frame. */
    public static int stringBytes(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + LENGTH_OFFSET) & 0xffff;
    }

    /** Writes a request up to its string, which the caller puts at {@link #STRING_OFFSET}. */
    public static void putRequest(ByteBuffer buffer, int offset, int operation, int stringBytes) {
        putResponse(buffer, offset, 0, 0, 0, operation);
        putStringBytes(buffer, offset, stringBytes);
    }

    /** Writes a response up to its string's length. */
    public static void putResponse(
            ByteBuffer buffer,
            int offset,
            int bufferCount,
            int firmware,
            int sectorCount,
            int operation) {
        buffer.putShort(offset + BUFFER_COUNT_OFFSET, (short) bufferCount);
        buffer.putShort(offset + FIRMWARE_OFFSET, (short) firmware);
        buffer.put(offset + SECTOR_COUNT_OFFSET, (byte) sectorCount);
        buffer.put(offset + VERSION_OPERATION_OFFSET, (byte) ((Aoe.VERSION << 4) | operation));
    }

    public static void putStringBytes(ByteBuffer buffer, int offset, int stringBytes) {
        buffer.putShort(offset + LENGTH_OFFSET, (short) stringBytes);
    }
}
