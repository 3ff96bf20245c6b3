// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.vblade4j.store.BlockStore;
import picocli.CommandLine.TypeConversionException;

/**
 * A length or place on a disk as an operator writes it: a number of sectors, or of bytes with a
 * suffix.
 */
public record ByteSize(long bytes) {
    static final int SECTOR_BYTES = BlockStore.SECTOR_BYTES;
    static final String HELP =
            "SIZE is a number of 512-byte sectors, or of bytes with a suffix: B, K, M, G, T (powers"
                    + " of 1024).";
    private static final Pattern TEXT = Pattern.compile("(\\d{1,18})([sSbBkKmMgGtT]?)(i?[bB])?");
    private static final String POWERS = "BKMGT";
    private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};

    public static ByteSize parse(String word) {
        Matcher matcher = TEXT.matcher(word);
        if (!matcher.matches() || (matcher.group(3) != null && "sSbB".contains(unit(matcher)))) {
            throw expected(word, "expected sectors such as 2048, or bytes such as 1M or 512B");
        }
        int power = POWERS.indexOf(unit(matcher).toUpperCase(Locale.ROOT));
        boolean sectors = unit(matcher).isEmpty() || power < 0;
        long factor = sectors ? SECTOR_BYTES : 1L << (10 * power);
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE / factor) {
            throw expected(word, "too large");
        }
        if (number * factor % SECTOR_BYTES != 0) {
            throw expected(word, "expected a multiple of 512 bytes");
        }
        return new ByteSize(number * factor);
    }

    private static String unit(Matcher matcher) {
        return matcher.group(2);
    }

    private static TypeConversionException expected(String word, String what) {
        return new TypeConversionException("'" + word + "' is no size: " + what);
    }

    long sectors() {
        return bytes / BlockStore.SECTOR_BYTES;
    }

    static long bytes(ByteSize size, long otherwise) {
        return size == null ? otherwise : size.bytes;
    }

    /** Three digits: 512 bytes, 1.50 MiB, 20.0 GiB. */
    static String text(long bytes) {
        return text((double) bytes);
    }

    /** As the other, of a rate. */
    static String text(double bytes) {
        int unit = 0;
        double value = bytes;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || value >= 100 || value == Math.rint(value);
        String format = whole ? "%.0f %s" : value >= 10 ? "%.1f %s" : "%.2f %s";
        return String.format(Locale.ROOT, format, value, UNITS[unit]);
    }
}
