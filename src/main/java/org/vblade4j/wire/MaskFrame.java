// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;

/**
 * The arguments of command 2, the MAC mask list (AoEr11 §3.3).
 *
 * <pre>
 * 24 reserved   25 operation   26 error   27 directive count
 * 28 directives of 8 bytes: reserved, directive operation, address (6)
 * </pre>
 */
public final class MaskFrame {
    public static final int RESERVED_OFFSET = 24;
    public static final int OPERATION_OFFSET = 25;
    public static final int ERROR_OFFSET = 26;
    public static final int COUNT_OFFSET = 27;
    public static final int DIRECTIVES_OFFSET = 28;
    public static final int DIRECTIVE_BYTES = 8;
    private static final int DIRECTIVE_OPERATION_OFFSET = 1;
    private static final int DIRECTIVE_MAC_OFFSET = 2;

    /** The count is one byte. */
    public static final int MAX_DIRECTIVES = 255;

    public static final int READ = 0;
    public static final int EDIT = 1;

    public static final int DIRECTIVE_NONE = 0;
    public static final int DIRECTIVE_ADD = 1;
    public static final int DIRECTIVE_DELETE = 2;

    /** Mask error: unspecified. */
    public static final int ERROR_UNSPECIFIED = 1;

    /** Mask error: the directive is not known or its address cannot be a station's. */
    public static final int ERROR_BAD_DIRECTIVE = 2;

    /** Mask error: the list is full. */
    public static final int ERROR_LIST_FULL = 3;

    private MaskFrame() {}

    public static int operation(ByteBuffer buffer, int offset) {
        return buffer.get(offset + OPERATION_OFFSET) & 0xff;
    }

    /** Responses only; zero when all went well. */
    public static int error(ByteBuffer buffer, int offset) {
        return buffer.get(offset + ERROR_OFFSET) & 0xff;
    }

    /** As claimed; in a response with an error, the index of the directive at fault. */
    public static int count(ByteBuffer buffer, int offset) {
        return buffer.get(offset + COUNT_OFFSET) & 0xff;
    }

    public static int directive(ByteBuffer buffer, int offset, int index) {
        return buffer.get(offsetOf(offset, index) + DIRECTIVE_OPERATION_OFFSET) & 0xff;
    }

    public static long mac(ByteBuffer buffer, int offset, int index) {
        return Mac.get(buffer, offsetOf(offset, index) + DIRECTIVE_MAC_OFFSET);
    }

    /** Writes the fixed part. */
    public static void put(ByteBuffer buffer, int offset, int operation, int error, int count) {
        buffer.put(offset + RESERVED_OFFSET, (byte) 0);
        buffer.put(offset + OPERATION_OFFSET, (byte) operation);
        buffer.put(offset + ERROR_OFFSET, (byte) error);
        buffer.put(offset + COUNT_OFFSET, (byte) count);
    }

    public static void putDirective(
            ByteBuffer buffer, int offset, int index, int directive, long mac) {
        int at = offsetOf(offset, index);
        buffer.put(at, (byte) 0);
        buffer.put(at + DIRECTIVE_OPERATION_OFFSET, (byte) directive);
        Mac.put(buffer, at + DIRECTIVE_MAC_OFFSET, mac);
    }

    /** A frame's length with this many directives. */
    public static int frameBytes(int directives) {
        return DIRECTIVES_OFFSET + directives * DIRECTIVE_BYTES;
    }

    private static int offsetOf(int offset, int index) {
        return offset + frameBytes(index);
    }
}
