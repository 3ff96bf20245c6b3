// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One frame as one line, for traces and test failures. Reads any bytes of any length without an
 * exception and prints printable ASCII only. Not for the hot path: it allocates.
 */
public final class FrameText {
    private static final String[] CONFIG_OPERATIONS = {"read", "test", "prefix", "set", "fset"};
    private static final String[] MASK_OPERATIONS = {"read", "edit"};
    private static final String[] RESERVE_OPERATIONS = {"read", "set", "fset"};

    private final StringBuilder text = new StringBuilder(160);
    private final ByteBuffer buffer;
    private final int offset;
    private final int length;

    private FrameText(ByteBuffer buffer, int offset, int lengthBytes) {
        this.buffer = buffer;
        this.offset = offset;
        this.length = Math.max(0, Math.min(lengthBytes, buffer.limit() - offset));
    }

    /** The frame of {@code lengthBytes} at the absolute {@code offset}, in words. */
    public static String of(ByteBuffer buffer, int offset, int lengthBytes) {
        return new FrameText(buffer, offset, lengthBytes).line();
    }

    private String line() {
        if (length < AoeFrame.HEADER_BYTES) {
            return text.append("runt of ").append(length).append(" bytes").toString();
        }
        text.append(Mac.format(AoeFrame.source(buffer, offset))).append(" > ");
        text.append(Mac.format(AoeFrame.destination(buffer, offset)));
        int etherType = AoeFrame.etherType(buffer, offset);
        if (etherType != Aoe.ETHERTYPE) {
            return add("ethertype", hex(etherType, 4)).end();
        }
        header();
        arguments();
        return end();
    }

    private void header() {
        int major = AoeFrame.major(buffer, offset);
        int minor = AoeFrame.minor(buffer, offset);
        text.append(" e").append(major == AoeAddress.WILDCARD_SHELF ? "*" : major);
        text.append('.').append(minor == AoeAddress.WILDCARD_SLOT ? "*" : minor);
        text.append(AoeFrame.isResponse(buffer, offset) ? " response" : " request");
        add("tag", hex(AoeFrame.tag(buffer, offset), 8));
        int version = AoeFrame.version(buffer, offset);
        if (version != Aoe.VERSION) {
            add("version", version);
        }
        if (AoeFrame.isError(buffer, offset)) {
            int code = AoeFrame.error(buffer, offset);
            text.append(" error=").append(code).append(" (");
            text.append(AoeError.of(code).map(AoeError::text).orElse("not defined")).append(')');
        }
    }

    private void arguments() {
        int command = AoeFrame.command(buffer, offset);
        switch (command) {
            case Aoe.COMMAND_ATA -> section("ata", AtaFrame.DATA_OFFSET, this::ata);
            case Aoe.COMMAND_CONFIG -> section("config", ConfigFrame.STRING_OFFSET, this::config);
            case Aoe.COMMAND_MASK -> section("mask", MaskFrame.DIRECTIVES_OFFSET, this::mask);
            case Aoe.COMMAND_RESERVE -> section("reserve", ReserveFrame.MACS_OFFSET, this::reserve);
            default -> add("command", hex(command, 2));
        }
    }

    private void section(String name, int minimumBytes, Runnable fields) {
        text.append(' ').append(name);
        if (length < minimumBytes) {
            text.append(" cut short");
        } else {
            fields.run();
        }
    }

    private void ata() {
        if (AoeFrame.isResponse(buffer, offset)) {
            add("status", hex(AtaFrame.status(buffer, offset), 2));
            add("ata-error", hex(AtaFrame.error(buffer, offset), 2));
        } else {
            add("op", hex(AtaFrame.command(buffer, offset), 2));
            add("feature", hex(AtaFrame.feature(buffer, offset), 2));
        }
        add("flags", hex(AtaFrame.flags(buffer, offset), 2));
        add("count", AtaFrame.sectorCount(buffer, offset));
        add("lba", AtaFrame.lba48(buffer, offset));
        add("data", length - AtaFrame.DATA_OFFSET);
    }

    private void config() {
        name(CONFIG_OPERATIONS, ConfigFrame.operation(buffer, offset));
        add("buffers", ConfigFrame.bufferCount(buffer, offset));
        add("firmware", hex(ConfigFrame.firmware(buffer, offset), 4));
        add("sectors", ConfigFrame.sectorCount(buffer, offset));
        int bytes = ConfigFrame.stringBytes(buffer, offset);
        add("length", bytes);
        text.append(" string=\"");
        int present = Math.min(bytes, length - ConfigFrame.STRING_OFFSET);
        for (int i = 0; i < Math.min(present, ConfigFrame.MAX_STRING_BYTES); i++) {
            escaped(buffer.get(offset + ConfigFrame.STRING_OFFSET + i) & 0xff);
        }
        text.append('"');
    }

    private void mask() {
        name(MASK_OPERATIONS, MaskFrame.operation(buffer, offset));
        add("mask-error", MaskFrame.error(buffer, offset));
        int count = MaskFrame.count(buffer, offset);
        add("count", count);
        for (int i = 0; i < count && MaskFrame.frameBytes(i + 1) <= length; i++) {
            int directive = MaskFrame.directive(buffer, offset, i);
            text.append(' ').append(directive).append(':');
            text.append(Mac.format(MaskFrame.mac(buffer, offset, i)));
        }
    }

    private void reserve() {
        name(RESERVE_OPERATIONS, ReserveFrame.operation(buffer, offset));
        int count = ReserveFrame.count(buffer, offset);
        add("count", count);
        for (int i = 0; i < count && ReserveFrame.frameBytes(i + 1) <= length; i++) {
            text.append(' ').append(Mac.format(ReserveFrame.mac(buffer, offset, i)));
        }
    }

    private void name(String[] names, int value) {
        text.append(' ').append(value < names.length ? names[value] : "operation " + value);
    }

    private void escaped(int octet) {
        if (octet == '"' || octet == '\\') {
            text.append('\\').append((char) octet);
        } else if (octet >= ' ' && octet < 0x7f) {
            text.append((char) octet);
        } else {
            text.append("\\x").append(hex(octet, 2));
        }
    }

    private FrameText add(String name, Object value) {
        text.append(' ').append(name).append('=').append(value);
        return this;
    }

    private String end() {
        return add("bytes", length).text.toString();
    }

    private static String hex(int value, int digits) {
        return String.format(Locale.ROOT, "%0" + digits + "x", value);
    }
}
