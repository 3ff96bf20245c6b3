// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.store.StoreTraits;

class IdentifyPageTest {
    private static final DiskIdentity IDENTITY = new DiskIdentity("AB-12", 0x5001_2233_4455_6677L);
    private static final int OFFSET = 5;

    private record Word(int word, int value, String description) {
        @Override
        public String toString() {
            return "word " + word + ": " + description;
        }
    }

    /** Of a disk of 8192 sectors with a volatile cache and blocks of 512 bytes. */
    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<Word> WORDS =
            List.of(
                    new Word(0, 0x0040, "ATA, fixed"),
                    new Word(1, 8, "cylinders of 16 x 63 sectors"),
                    new Word(2, 0xc837, "no spin-up needed"),
                    new Word(3, 16, "heads"),
                    new Word(6, 63, "sectors per track"),
                    new Word(10, 0x4142, "serial, first pair, A in the high byte"),
                    new Word(12, 0x3220, "serial, third pair, padded"),
                    new Word(19, 0x2020, "serial, last pair"),
                    new Word(23, 0x302e, "firmware 0."),
                    new Word(27, 0x7662, "model vb"),
                    new Word(31, 0x2020, "model padding"),
                    new Word(47, 0x8000, "no READ MULTIPLE"),
                    new Word(48, 0x4000, "no trusted computing"),
                    new Word(49, 0x0200, "LBA, no DMA"),
                    new Word(50, 0x4000, "valid"),
                    new Word(53, 0x0001, "54-58 valid, 64-70 and 88 not"),
                    new Word(54, 8, "current cylinders"),
                    new Word(55, 16, "current heads"),
                    new Word(56, 63, "current sectors per track"),
                    new Word(57, 8 * 16 * 63, "current capacity, low"),
                    new Word(58, 0, "current capacity, high"),
                    new Word(60, 8192, "LBA28 size, low"),
                    new Word(61, 0, "LBA28 size, high"),
                    new Word(63, 0, "no multiword DMA"),
                    new Word(80, 0x01f0, "ATA-4 to ATA8-ACS"),
                    new Word(81, 0x0028, "ATA8-ACS revision 6"),
                    new Word(82, 0x0020, "write cache, no SMART"),
                    new Word(83, 0x7400, "valid, both flushes, LBA48"),
                    new Word(84, 0x4100, "valid, WWN"),
                    new Word(85, 0x0020, "write cache enabled"),
                    new Word(86, 0x3400, "both flushes, LBA48"),
                    new Word(87, 0x4100, "valid, WWN"),
                    new Word(88, 0, "no Ultra DMA"),
                    new Word(93, 0x400b, "reset result"),
                    new Word(100, 8192, "LBA48 size, low"),
                    new Word(101, 0, "LBA48 size"),
                    new Word(102, 0, "LBA48 size, high"),
                    new Word(103, 0, "Linux reads the size as 64 bits"),
                    new Word(106, 0x4000, "physical sectors are logical ones"),
                    new Word(108, 0x5001, "WWN, high"),
                    new Word(109, 0x2233, "WWN"),
                    new Word(110, 0x4455, "WWN"),
                    new Word(111, 0x6677, "WWN, low"),
                    new Word(117, 0, "logical sectors of 256 words"),
                    new Word(118, 0, "logical sectors of 256 words"),
                    new Word(169, 0, "no TRIM"),
                    new Word(217, 0, "rotation rate not reported"));

    private static ByteBuffer page(DiskIdentity identity, StoreTraits traits, long sectors) {
        ByteBuffer buffer = ByteBuffer.allocate(OFFSET + IdentifyPage.BYTES + 1);
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0xee);
        }
        new IdentifyPage(identity, traits).put(buffer, OFFSET, sectors);
        assertEquals((byte) 0xee, buffer.get(OFFSET - 1));
        assertEquals((byte) 0xee, buffer.get(OFFSET + IdentifyPage.BYTES));
        return buffer;
    }

    private static StoreTraits traits(boolean durableWrites, int physicalBlockBytes) {
        return new StoreTraits(false, true, durableWrites, physicalBlockBytes);
    }

    private static int word(ByteBuffer page, int word) {
        return (page.get(OFFSET + 2 * word) & 0xff)
                | ((page.get(OFFSET + 2 * word + 1) & 0xff) << 8);
    }

    private static long number(ByteBuffer page, int word, int words) {
        long number = 0;
        for (int i = words - 1; i >= 0; i--) {
            number = (number << 16) | word(page, word + i);
        }
        return number;
    }

    @ParameterizedTest
    @FieldSource("WORDS")
    void wordsSayWhatTheDiskIs(Word word) {
        assertEquals(word.value, word(page(IDENTITY, traits(false, 512), 8192), word.word));
    }

    @Test
    void everyWordNotListedIsZero() {
        ByteBuffer page = page(IDENTITY, traits(false, 512), 8192);
        for (int i = 0; i < 255; i++) {
            int index = i;
            boolean text = (i >= 10 && i <= 19) || (i >= 23 && i <= 46);
            if (!text && WORDS.stream().noneMatch(word -> word.word == index)) {
                assertEquals(0, word(page, i), "word " + i);
            }
        }
    }

    @Property
    void sizesAndChecksumFitEverySize(@ForAll @LongRange(max = 0xffff_ffff_ffffL) long sectors) {
        ByteBuffer page = page(IDENTITY, traits(true, 512), sectors);
        assertEquals(sectors, number(page, 100, 4));
        assertEquals(Math.min(sectors, 0x0fff_ffff), number(page, 60, 2));
        assertEquals(Math.min(sectors / 1008, 16383), word(page, 1));
        assertEquals(word(page, 1) * 1008L, number(page, 57, 2));
        assertEquals(0xa5, word(page, 255) & 0xff);
        int sum = 0;
        for (int i = 0; i < IdentifyPage.BYTES; i++) {
            sum += page.get(OFFSET + i);
        }
        assertEquals(0, sum & 0xff);
    }

    @Test
    void aDurableStoreHasNoWriteCacheButStillFlushes() {
        ByteBuffer page = page(IDENTITY, traits(true, 512), 8192);
        assertEquals(0, word(page, 82));
        assertEquals(0, word(page, 85));
        assertEquals(0x7400, word(page, 83));
    }

    @Test
    void withoutWwnItsFeatureIsNotClaimed() {
        ByteBuffer page = page(new DiskIdentity("x", 0), traits(false, 512), 8192);
        assertEquals(0x4000, word(page, 84));
        assertEquals(0x4000, word(page, 87));
        assertEquals(0, number(page, 108, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 4096, 65536})
    void physicalSectorsAreGivenAsAPowerOfTwo(int physicalBlockBytes) {
        int word = word(page(IDENTITY, traits(false, physicalBlockBytes), 8192), 106);
        assertEquals(0x6000, word & 0xfff0);
        assertEquals(physicalBlockBytes, 512 << (word & 0xf));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " x", "x ", "123456789012345678901", "a\nb", "\u00e9"})
    void serialsThatTheFieldCannotHoldAreRefused(String serial) {
        assertThrows(IllegalArgumentException.class, () -> new DiskIdentity(serial, 0));
    }

    @Test
    void firmwareIsTheProjectsVersion() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("vblade4j.basedir"), "pom.xml"));
        Matcher version =
                Pattern.compile("<version>(\\d+)\\.(\\d+)\\.\\d+[^<]*</version>").matcher(pom);
        assertTrue(version.find());
        assertTrue(version.group().contains(">" + Firmware.TEXT), version.group());
        int number = Integer.parseInt(version.group(1)) << 8 | Integer.parseInt(version.group(2));
        assertEquals(number, Firmware.NUMBER);
    }
}
