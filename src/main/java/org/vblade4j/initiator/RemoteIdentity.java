// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import org.vblade4j.store.BlockStore;

/**
 * What a disk says of itself in answer to IDENTIFY DEVICE (ATA8-ACS §7.16).
 *
 * @param sectors the size; words 100 to 103, or 60 and 61 without 48-bit addresses; of what is
 *     claimed beyond 48 bits only so much as can be addressed
 * @param extended words 83 and 86: 48-bit addresses
 * @param physicalBlockBytes word 106
 * @param serial words 10 to 19
 * @param wwn words 108 to 111, the world wide name; 0 for none (word 87)
 * @param firmware words 23 to 26
 * @param model words 27 to 46
 */
public record RemoteIdentity(
        long sectors,
        boolean extended,
        int physicalBlockBytes,
        String serial,
        long wwn,
        String firmware,
        String model) {
    static final int BYTES = 512;
    private static final long MAX_SECTORS = 1L << 48;
    private static final int EXTENDED_BIT = 1 << 10;
    private static final int WWN_BIT = 1 << 8;
    private static final int VALID_MASK = 0xc000;
    private static final int VALID = 0x4000;
    private static final int MULTIPLE_BIT = 1 << 13;

    /** Whether another answer tells of the same disk; its size may have changed. */
    boolean sameDisk(RemoteIdentity other) {
        return serial.equals(other.serial) && model.equals(other.model) && wwn == other.wwn;
    }

    /** Reads what {@link TargetControl#identify} returns. */
    public static RemoteIdentity read(byte[] page) {
        return read(ByteBuffer.wrap(page), 0);
    }

    /** Reads the 512 bytes at the absolute offset. */
    static RemoteIdentity read(ByteBuffer buffer, int offset) {
        boolean extended =
                ((word(buffer, offset, 83) | word(buffer, offset, 86)) & EXTENDED_BIT) != 0;
        long sectors = 0;
        int first = extended ? 100 : 60;
        for (int i = extended ? 3 : 1; i >= 0; i--) {
            sectors = (sectors << 16) | word(buffer, offset, first + i);
        }
        boolean addressable = sectors >= 0 && sectors <= MAX_SECTORS;
        return new RemoteIdentity(
                addressable ? sectors : MAX_SECTORS,
                extended,
                physicalBlockBytes(word(buffer, offset, 106)),
                text(buffer, offset, 10, 19),
                wwn(buffer, offset),
                text(buffer, offset, 23, 26),
                text(buffer, offset, 27, 46));
    }

    private static long wwn(ByteBuffer buffer, int offset) {
        int word87 = word(buffer, offset, 87);
        long name = 0;
        for (int i = 108; i <= 111; i++) {
            name = name << 16 | word(buffer, offset, i);
        }
        return (word87 & VALID_MASK) == VALID && (word87 & WWN_BIT) != 0 ? name : 0;
    }

    private static int physicalBlockBytes(int word106) {
        boolean multiple = (word106 & VALID_MASK) == VALID && (word106 & MULTIPLE_BIT) != 0;
        return multiple ? BlockStore.SECTOR_BYTES << (word106 & 0xf) : BlockStore.SECTOR_BYTES;
    }

    /** Words are little-endian. */
    private static int word(ByteBuffer buffer, int offset, int word) {
        int at = offset + 2 * word;
        return (buffer.get(at) & 0xff) | (buffer.get(at + 1) & 0xff) << 8;
    }

    /** The first character of a pair is in the upper half of its word. */
    private static String text(ByteBuffer buffer, int offset, int first, int last) {
        StringBuilder text = new StringBuilder();
        for (int i = first; i <= last; i++) {
            int word = word(buffer, offset, i);
            text.append((char) (word >> 8)).append((char) (word & 0xff));
        }
        return text.toString().replace('\0', ' ').strip();
    }
}
