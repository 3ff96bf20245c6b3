// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreTraits;

/**
 * The 512 bytes of IDENTIFY DEVICE (ATA8-ACS §7.16): 256 little-endian words. All but the size is
 * written once; {@link #put} adds the store's size of the moment and the checksum.
 *
 * <p>It claims what the command set does and no more: no DMA, SMART, power management or TRIM. The
 * volatile write cache is announced when a completed write still needs a flush to be durable.
 */
public final class IdentifyPage {
    public static final int BYTES = 512;

    /** In words 27-46, at most 40 characters. */
    public static final String MODEL = "vblade4j";

    private static final int HEADS = 16;
    private static final int SECTORS_PER_TRACK = 63;
    private static final int MAX_CYLINDERS = 16383;
    private static final long MAX_LBA28_SECTORS = 0x0fff_ffffL;
    private static final long MAX_LBA48_SECTORS = 0xffff_ffff_ffffL;

    /** In words whose upper two bits say so, the rest is valid. */
    private static final int VALID = 0x4000;

    private static final int CHECKSUM_SIGNATURE = 0xa5;

    private final byte[] template = new byte[BYTES];

    public IdentifyPage(DiskIdentity identity, StoreTraits traits) {
        fixedWords(traits.physicalBlockBytes());
        text(10, 20, identity.serial());
        text(23, 8, Firmware.TEXT);
        text(27, 40, MODEL);
        commandSets(!traits.durableWrites(), identity.wwn() != 0);
        for (int i = 0; i < 4; i++) {
            word(108 + i, (int) (identity.wwn() >>> (48 - 16 * i)));
        }
    }

    /** Writes the page for a disk of this size; the caller has room for {@link #BYTES}. */
    public void put(ByteBuffer buffer, int offset, long sectors) {
        buffer.put(offset, template);
        long track = HEADS * SECTORS_PER_TRACK;
        int cylinders = (int) Math.min(MAX_CYLINDERS, sectors / track);
        put(buffer, offset, 1, cylinders);
        put(buffer, offset, 54, cylinders);
        putLong(buffer, offset, 57, 2, cylinders * track);
        putLong(buffer, offset, 60, 2, Math.min(MAX_LBA28_SECTORS, sectors));
        putLong(buffer, offset, 100, 4, Math.min(MAX_LBA48_SECTORS, sectors));
        checksum(buffer, offset);
    }

    private void fixedWords(int physicalBlockBytes) {
        word(0, 0x0040); // an ATA disk, not removable
        word(2, 0xc837); // needs no spin-up command, this page is complete
        word(3, HEADS);
        word(6, SECTORS_PER_TRACK);
        word(47, 0x8000); // no READ MULTIPLE
        word(48, VALID); // no trusted computing
        word(49, 0x0200); // LBA, no DMA
        word(50, VALID);
        word(53, 0x0001); // words 54-58 are valid
        word(55, HEADS);
        word(56, SECTORS_PER_TRACK);
        word(80, 0x01f0); // ATA/ATAPI-4 to ATA8-ACS
        word(81, 0x0028); // ATA8-ACS revision 6
        word(93, 0x400b); // as a sole device 0 reports after a reset
        int exponent = Integer.numberOfTrailingZeros(physicalBlockBytes / BlockStore.SECTOR_BYTES);
        // Logical sectors have 256 words, so words 117-118 stay zero.
        word(106, exponent == 0 ? VALID : VALID | 0x2000 | exponent);
    }

    /** Words 82-84 say what is supported, 85-87 what is enabled; here the two are one. */
    private void commandSets(boolean writeCache, boolean hasWwn) {
        int first = writeCache ? 0x0020 : 0;
        int second = 0x3400; // FLUSH CACHE EXT, FLUSH CACHE, 48-bit addresses
        int third = VALID | (hasWwn ? 0x0100 : 0);
        word(82, first);
        word(83, VALID | second);
        word(84, third);
        word(85, first);
        word(86, second);
        word(87, third);
    }

    /** ATA strings put the first character of each pair in a word's high byte. */
    private void text(int word, int chars, String value) {
        byte[] ascii = value.getBytes(US_ASCII);
        for (int i = 0; i < chars; i++) {
            template[2 * word + (i ^ 1)] = i < ascii.length ? ascii[i] : (byte) ' ';
        }
    }

    private void word(int word, int value) {
        template[2 * word] = (byte) value;
        template[2 * word + 1] = (byte) (value >>> 8);
    }

    private static void put(ByteBuffer buffer, int offset, int word, int value) {
        buffer.put(offset + 2 * word, (byte) value);
        buffer.put(offset + 2 * word + 1, (byte) (value >>> 8));
    }

    private static void putLong(ByteBuffer buffer, int offset, int word, int words, long value) {
        for (int i = 0; i < words; i++) {
            put(buffer, offset, word + i, (int) (value >>> (16 * i)));
        }
    }

    /** Word 255: a signature and the byte that makes all 512 add up to zero. */
    private static void checksum(ByteBuffer buffer, int offset) {
        int sum = CHECKSUM_SIGNATURE;
        for (int i = 0; i < BYTES - 2; i++) {
            sum += buffer.get(offset + i);
        }
        put(buffer, offset, 255, (-sum & 0xff) << 8 | CHECKSUM_SIGNATURE);
    }
}
