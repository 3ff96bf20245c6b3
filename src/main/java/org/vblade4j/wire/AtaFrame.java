// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;

/**
 * The arguments of command 0: the registers of one ATA command, then its data (AoEr11 §3.1).
 *
 * <pre>
 * 24 flags: 0 E 0 D 0 0 A W   25 feature, in responses error
 * 26 sector count             27 command, in responses status
 * 28 lba0 .. 33 lba5, the least significant first
 * 34 reserved (2)             36 data
 * </pre>
 */
public final class AtaFrame {
    public static final int FLAGS_OFFSET = 24;
    public static final int FEATURE_ERROR_OFFSET = 25;
    public static final int SECTOR_COUNT_OFFSET = 26;
    public static final int COMMAND_STATUS_OFFSET = 27;
    public static final int LBA_OFFSET = 28;
    public static final int LBA_BYTES = 6;
    public static final int RESERVED_OFFSET = 34;
    public static final int DATA_OFFSET = 36;

    /** The command uses the 48-bit registers. */
    public static final int FLAG_EXTENDED = 0x40;

    /** The device/head register is valid; meaningful with {@link #FLAG_EXTENDED} only. */
    public static final int FLAG_DEVICE = 0x10;

    /** The target may answer a write before it is done; this one never does. */
    public static final int FLAG_ASYNC = 0x02;

    /** Data goes to the device. */
    public static final int FLAG_WRITE = 0x01;

    public static final int KNOWN_FLAGS = FLAG_EXTENDED | FLAG_DEVICE | FLAG_ASYNC | FLAG_WRITE;

    public static final int READ = 0x20;
    public static final int READ_EXT = 0x24;
    public static final int WRITE = 0x30;
    public static final int WRITE_EXT = 0x34;
    public static final int CHECK_POWER_MODE = 0xe5;
    public static final int FLUSH = 0xe7;
    public static final int FLUSH_EXT = 0xea;
    public static final int IDENTIFY = 0xec;

    public static final int STATUS_BUSY = 0x80;
    public static final int STATUS_READY = 0x40;
    public static final int STATUS_FAULT = 0x20;
    public static final int STATUS_DATA_REQUEST = 0x08;
    public static final int STATUS_ERROR = 0x01;

    /** A status with any of these is a failed command; Linux's driver tests the same bits. */
    public static final int STATUS_FAILED =
            STATUS_BUSY | STATUS_FAULT | STATUS_DATA_REQUEST | STATUS_ERROR;

    /** Error register: command aborted. */
    public static final int ERROR_ABRT = 0x04;

    /** Error register: address not found. */
    public static final int ERROR_IDNF = 0x10;

    /** Error register: data uncorrectable. */
    public static final int ERROR_UNC = 0x40;

    /** Bits of a logical block address in the 28-bit commands. */
    public static final int LBA28_MASK = 0x0fff_ffff;

    /** Device register of a 28-bit command, above the top four address bits: LBA mode. */
    public static final int LBA28_DEVICE = 0xe0;

    private AtaFrame() {}

    public static int flags(ByteBuffer buffer, int offset) {
        return buffer.get(offset + FLAGS_OFFSET) & 0xff;
    }

    /** Requests only. */
    public static int feature(ByteBuffer buffer, int offset) {
        return buffer.get(offset + FEATURE_ERROR_OFFSET) & 0xff;
    }

    /** Responses only: the error register. */
    public static int error(ByteBuffer buffer, int offset) {
        return buffer.get(offset + FEATURE_ERROR_OFFSET) & 0xff;
    }

    /** Sectors to transfer; in responses, those that were not. */
    public static int sectorCount(ByteBuffer buffer, int offset) {
        return buffer.get(offset + SECTOR_COUNT_OFFSET) & 0xff;
    }

    /** Requests only. */
    public static int command(ByteBuffer buffer, int offset) {
        return buffer.get(offset + COMMAND_STATUS_OFFSET) & 0xff;
    }

    /** Responses only. */
    public static int status(ByteBuffer buffer, int offset) {
        return buffer.get(offset + COMMAND_STATUS_OFFSET) & 0xff;
    }

    /** All six address bytes, 0 to 2^48-1. */
    public static long lba48(ByteBuffer buffer, int offset) {
        long lba = 0;
        for (int i = LBA_BYTES - 1; i >= 0; i--) {
            lba = (lba << 8) | (buffer.get(offset + LBA_OFFSET + i) & 0xff);
        }
        return lba;
    }

    /** Writes a request's registers; the address bytes go out as they are, device bits and all. */
    public static void putRequest(
            ByteBuffer buffer, int offset, int flags, int command, int sectorCount, long lba) {
        buffer.put(offset + FLAGS_OFFSET, (byte) flags);
        putRegisters(buffer, offset, 0, sectorCount, command);
        putLba(buffer, offset, lba);
    }

    /** Writes a response's three result registers. */
    public static void putResult(
            ByteBuffer buffer, int offset, int error, int sectorCount, int status) {
        putRegisters(buffer, offset, error, sectorCount, status);
    }

    /** Copies to a response what it repeats of its request: the flags and the address. */
    public static void copyRequest(ByteBuffer from, int fromOffset, ByteBuffer to, int toOffset) {
        to.put(toOffset + FLAGS_OFFSET, (byte) (flags(from, fromOffset) & KNOWN_FLAGS));
        putLba(to, toOffset, lba48(from, fromOffset));
    }

    private static void putRegisters(
            ByteBuffer buffer, int offset, int featureError, int count, int commandStatus) {
        buffer.put(offset + FEATURE_ERROR_OFFSET, (byte) featureError);
        buffer.put(offset + SECTOR_COUNT_OFFSET, (byte) count);
        buffer.put(offset + COMMAND_STATUS_OFFSET, (byte) commandStatus);
    }

    private static void putLba(ByteBuffer buffer, int offset, long lba) {
        for (int i = 0; i < LBA_BYTES; i++) {
            buffer.put(offset + LBA_OFFSET + i, (byte) (lba >>> (8 * i)));
        }
        buffer.putShort(offset + RESERVED_OFFSET, (short) 0);
    }
}
