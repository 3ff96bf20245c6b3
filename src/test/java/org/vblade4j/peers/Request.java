// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vblade4j.wire.Mac;

/**
 * A request frame under construction, right or deliberately wrong. Offsets are spelled out here
 * rather than taken from the wire package, whose mistakes this is meant to find.
 */
final class Request {
    static final long TARGET_MAC = 0x0200_0000_0014L;
    static final long CLIENT_MAC = 0x0200_0000_000aL;
    static final long STRANGER_MAC = 0x0200_0000_000bL;
    static final int SHELF = 1;
    static final int SLOT = 1;

    static final int LBA48 = 0x40;
    static final int WRITE = 0x01;

    private byte[] bytes;

    private Request(int command, int argumentBytes) {
        bytes = new byte[24 + argumentBytes];
        to(TARGET_MAC).from(CLIENT_MAC).address(SHELF, SLOT);
        set(12, 0x88, 0xa2, 0x10);
        set(19, command);
    }

    /** Any command with an argument of zeros. */
    static Request command(int command, int argumentBytes) {
        return new Request(command, argumentBytes);
    }

    static Request ata(int flags, int count, int opcode, long lba, byte[] data) {
        Request request = new Request(0, 12 + data.length);
        request.set(24, flags, 0, count, opcode);
        for (int i = 0; i < 6; i++) {
            request.set(28 + i, (int) (lba >> (8 * i)));
        }
        return request.put(36, data);
    }

    static Request ata(int opcode, int count) {
        return ata(0, count, opcode, 0xa0L << 24, new byte[0]);
    }

    static Request read(long lba, int count) {
        return ata(LBA48, count, 0x24, lba, new byte[0]);
    }

    static Request write(long lba, int count, byte[] data) {
        return ata(LBA48 | WRITE, count, 0x34, lba, data);
    }

    static Request read28(long lba, int count) {
        return ata(0, count, 0x20, lba | (0xe0L << 24), new byte[0]);
    }

    static Request write28(long lba, int count, byte[] data) {
        return ata(WRITE, count, 0x30, lba | (0xe0L << 24), data);
    }

    static Request config(int operation, String string) {
        byte[] text = string.getBytes(StandardCharsets.ISO_8859_1);
        Request request = new Request(1, 8 + text.length).to(Mac.BROADCAST);
        request.set(29, operation, text.length >> 8, text.length);
        return request.put(32, text);
    }

    /** Directives are pairs: 1 to add or 2 to delete, then the address. */
    static Request mask(int operation, long... directives) {
        Request request = new Request(2, 4 + (directives.length / 2) * 8);
        request.set(25, operation, 0, directives.length / 2);
        for (int i = 0; i < directives.length; i += 2) {
            request.set(28 + (i * 4) + 1, (int) directives[i]);
            request.putMac(28 + i * 4 + 2, directives[i + 1]);
        }
        return request;
    }

    static Request reserve(int operation, long... macs) {
        Request request = new Request(3, 2 + macs.length * 6);
        request.set(24, operation, macs.length);
        for (int i = 0; i < macs.length; i++) {
            request.putMac(26 + i * 6, macs[i]);
        }
        return request;
    }

    Request to(long mac) {
        return putMac(0, mac);
    }

    Request from(long mac) {
        return putMac(6, mac);
    }

    Request address(int shelf, int slot) {
        return set(16, shelf >> 8, shelf, slot);
    }

    Request tag(int tag) {
        return set(20, tag >> 24, tag >> 16, tag >> 8, tag);
    }

    /** Overwrites bytes from an offset on. */
    Request set(int offset, int... values) {
        for (int i = 0; i < values.length; i++) {
            bytes[offset + i] = (byte) values[i];
        }
        return this;
    }

    /** Cuts the frame, or lengthens it with bytes 0xed, to so many bytes. */
    Request length(int lengthBytes) {
        int before = bytes.length;
        bytes = Arrays.copyOf(bytes, lengthBytes);
        if (lengthBytes > before) {
            Arrays.fill(bytes, before, lengthBytes, (byte) 0xed);
        }
        return this;
    }

    private Request put(int offset, byte[] data) {
        System.arraycopy(data, 0, bytes, offset, data.length);
        return this;
    }

    private Request putMac(int offset, long mac) {
        Mac.put(ByteBuffer.wrap(bytes), offset, mac);
        return this;
    }

    byte[] bytes() {
        return bytes.clone();
    }
}
