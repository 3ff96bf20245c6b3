// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;

/**
 * The header that all AoE frames share. As everywhere in this package, {@code offset} is where the
 * frame starts in a big-endian buffer, access is absolute, and the caller has checked the length.
 *
 * <pre>
 *  0 destination (6)              6 source (6)
 * 12 ethertype 88a2 (2)  14 version:4 flags:4   15 error
 * 16 major: shelf (2)    18 minor: slot         19 command
 * 20 tag (4)             24 the command's arguments
 * </pre>
 */
public final class AoeFrame {
    public static final int DESTINATION_OFFSET = 0;
    public static final int SOURCE_OFFSET = 6;
    public static final int ETHERTYPE_OFFSET = 12;
    public static final int VERSION_FLAGS_OFFSET = 14;
    public static final int ERROR_OFFSET = 15;
    public static final int MAJOR_OFFSET = 16;
    public static final int MINOR_OFFSET = 18;
    public static final int COMMAND_OFFSET = 19;
    public static final int TAG_OFFSET = 20;
    public static final int HEADER_BYTES = 24;

    private AoeFrame() {}

    public static long destination(ByteBuffer buffer, int offset) {
        return Mac.get(buffer, offset + DESTINATION_OFFSET);
    }

    public static long source(ByteBuffer buffer, int offset) {
        return Mac.get(buffer, offset + SOURCE_OFFSET);
    }

    public static int etherType(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + ETHERTYPE_OFFSET) & 0xffff;
    }

    public static int version(ByteBuffer buffer, int offset) {
        return (buffer.get(offset + VERSION_FLAGS_OFFSET) & 0xf0) >> 4;
    }

    /** The low four bits: {@link Aoe#FLAG_RESPONSE}, {@link Aoe#FLAG_ERROR} and two reserved. */
    public static int flags(ByteBuffer buffer, int offset) {
        return buffer.get(offset + VERSION_FLAGS_OFFSET) & 0xf;
    }

    public static boolean isResponse(ByteBuffer buffer, int offset) {
        return (flags(buffer, offset) & Aoe.FLAG_RESPONSE) != 0;
    }

    public static boolean isError(ByteBuffer buffer, int offset) {
        return (flags(buffer, offset) & Aoe.FLAG_ERROR) != 0;
    }

    /** Valid when {@link #isError}; see {@link AoeError}. */
    public static int error(ByteBuffer buffer, int offset) {
        return buffer.get(offset + ERROR_OFFSET) & 0xff;
    }

    public static int major(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + MAJOR_OFFSET) & 0xffff;
    }

    public static int minor(ByteBuffer buffer, int offset) {
        return buffer.get(offset + MINOR_OFFSET) & 0xff;
    }

    public static int command(ByteBuffer buffer, int offset) {
        return buffer.get(offset + COMMAND_OFFSET) & 0xff;
    }

    /** Opaque to the target, which sends it back unchanged. */
    public static int tag(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + TAG_OFFSET);
    }

    /** Writes the Ethernet header: addresses and ethertype. */
    public static void putEthernet(ByteBuffer buffer, int offset, long destination, long source) {
        Mac.put(buffer, offset + DESTINATION_OFFSET, destination);
        Mac.put(buffer, offset + SOURCE_OFFSET, source);
        buffer.putShort(offset + ETHERTYPE_OFFSET, (short) Aoe.ETHERTYPE);
    }

    /** Writes version 1 with these flags, no error, and the command for an address. */
    public static void putAoe(
            ByteBuffer buffer, int offset, int flags, int major, int minor, int command, int tag) {
        buffer.put(offset + VERSION_FLAGS_OFFSET, (byte) ((Aoe.VERSION << 4) | flags));
        buffer.put(offset + ERROR_OFFSET, (byte) 0);
        buffer.putShort(offset + MAJOR_OFFSET, (short) major);
        buffer.put(offset + MINOR_OFFSET, (byte) minor);
        buffer.put(offset + COMMAND_OFFSET, (byte) command);
        buffer.putInt(offset + TAG_OFFSET, tag);
    }

    /** Turns a written response header into that of an error response. */
    public static void putError(ByteBuffer buffer, int offset, AoeError error) {
        int flags = Aoe.FLAG_RESPONSE | Aoe.FLAG_ERROR;
        buffer.put(offset + VERSION_FLAGS_OFFSET, (byte) ((Aoe.VERSION << 4) | flags));
        buffer.put(offset + ERROR_OFFSET, (byte) error.code());
    }

    /** Zeroes what a frame lacks to {@link Aoe#MIN_FRAME_BYTES}; returns the length to send. */
    public static int pad(ByteBuffer buffer, int offset, int lengthBytes) {
        for (int i = lengthBytes; i < Aoe.MIN_FRAME_BYTES; i++) {
            buffer.put(offset + i, (byte) 0);
        }
        return Math.max(lengthBytes, Aoe.MIN_FRAME_BYTES);
    }
}
