// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/** Builds request frames for tests: a good frame of each kind, then whatever is to be odd. */
final class Request {
    private final ByteBuffer frame = ByteBuffer.allocate(16 * 1024);
    private int length = AoeFrame.HEADER_BYTES;

    private Request(int command) {
        AoeFrame.putEthernet(frame, 0, Mac.BROADCAST, GoldenFrames.CLIENT);
        AoeFrame.putAoe(frame, 0, 0, 1, 1, command, 0x8000_0001);
    }

    static Request command(int command) {
        return new Request(command);
    }

    static Request config(int operation, String string) {
        return config(operation, string.getBytes(StandardCharsets.ISO_8859_1));
    }

    static Request config(int operation, byte[] string) {
        Request request = new Request(Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(request.frame, 0, operation, string.length);
        request.length = ConfigFrame.STRING_OFFSET;
        return request.append(string);
    }

    static Request ata(int opcode, int count, long lba) {
        Request request = new Request(Aoe.COMMAND_ATA);
        boolean extended = opcode == AtaFrame.READ_EXT || opcode == AtaFrame.WRITE_EXT;
        boolean writes = opcode == AtaFrame.WRITE || opcode == AtaFrame.WRITE_EXT;
        int flags = (extended ? AtaFrame.FLAG_EXTENDED : 0) | (writes ? AtaFrame.FLAG_WRITE : 0);
        AtaFrame.putRequest(request.frame, 0, flags, opcode, count, lba);
        request.length = AtaFrame.DATA_OFFSET;
        return request.to(GoldenFrames.TARGET);
    }

    static Request write(long lba, byte[] data) {
        return ata(AtaFrame.WRITE_EXT, data.length / 512, lba).append(data);
    }

    static Request maskRead() {
        return mask(MaskFrame.READ, 0);
    }

    static Request maskEdit(int count) {
        return mask(MaskFrame.EDIT, count);
    }

    static Request mask(int operation, int count) {
        Request request = new Request(Aoe.COMMAND_MASK);
        MaskFrame.put(request.frame, 0, operation, 0, count);
        request.length = MaskFrame.DIRECTIVES_OFFSET;
        return request;
    }

    Request directive(int directive, long mac) {
        int index = (length - MaskFrame.DIRECTIVES_OFFSET) / MaskFrame.DIRECTIVE_BYTES;
        MaskFrame.putDirective(frame, 0, index, directive, mac);
        length = MaskFrame.frameBytes(index + 1);
        return this;
    }

    static Request reserve(int operation, long... macs) {
        Request request = new Request(Aoe.COMMAND_RESERVE);
        ReserveFrame.put(request.frame, 0, operation, macs.length);
        for (int i = 0; i < macs.length; i++) {
            ReserveFrame.putMac(request.frame, 0, i, macs[i]);
        }
        request.length = ReserveFrame.frameBytes(macs.length);
        return request;
    }

    Request from(long mac) {
        Mac.put(frame, AoeFrame.SOURCE_OFFSET, mac);
        return this;
    }

    Request to(long mac) {
        Mac.put(frame, AoeFrame.DESTINATION_OFFSET, mac);
        return this;
    }

    Request at(int major, int minor) {
        frame.putShort(AoeFrame.MAJOR_OFFSET, (short) major);
        return with(AoeFrame.MINOR_OFFSET, minor);
    }

    Request everywhere() {
        return at(0xffff, 0xff);
    }

    Request tag(int tag) {
        frame.putInt(AoeFrame.TAG_OFFSET, tag);
        return this;
    }

    /** Sets one byte. */
    Request with(int offset, int octet) {
        frame.put(offset, (byte) octet);
        return this;
    }

    Request append(byte[] bytes) {
        frame.put(length, bytes);
        length += bytes.length;
        return this;
    }

    /** Cuts the frame, or lengthens it by zeros. */
    Request length(int bytes) {
        length = bytes;
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(frame.array(), length);
    }
}
