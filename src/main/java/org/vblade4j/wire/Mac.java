// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Ethernet hardware addresses as {@code long}: the six octets in transmission order, the first one
 * in bits 47..40, bits 63..48 zero. A plain number, so that the hot path compares and copies
 * addresses without an object.
 */
public final class Mac {
    public static final int BYTES = 6;
    public static final long BROADCAST = 0xffff_ffff_ffffL;
    private static final long GROUP_BIT = 0x0100_0000_0000L;
    private static final int HEX_DIGITS = 12;

    private Mac() {}

    /** Reads the address whose first octet is at the absolute {@code offset}. */
    public static long get(ByteBuffer buffer, int offset) {
        return ((buffer.getShort(offset) & 0xffffL) << 32)
                | (buffer.getInt(offset + 2) & 0xffff_ffffL);
    }

    /** Writes all six octets at the absolute {@code offset}; the buffer must be big-endian. */
    public static void put(ByteBuffer buffer, int offset, long mac) {
        buffer.putShort(offset, (short) (mac >>> 32));
        buffer.putInt(offset + 2, (int) mac);
    }

    /** True for addresses that a single station may send from: not a group address and not zero. */
    public static boolean isUnicast(long mac) {
        return mac != 0 && (mac & GROUP_BIT) == 0;
    }

    /** Lower case, colon separated: {@code 02:00:00:00:00:0a}. */
    public static String format(long mac) {
        return String.format(
                Locale.ROOT,
                "%02x:%02x:%02x:%02x:%02x:%02x",
                (mac >> 40) & 0xff,
                (mac >> 32) & 0xff,
                (mac >> 24) & 0xff,
                (mac >> 16) & 0xff,
                (mac >> 8) & 0xff,
                mac & 0xff);
    }

    /**
     * Accepts twelve hexadecimal digits of any case, bare or as six pairs with one separator, colon
     * or hyphen, throughout. Empty for everything else: an access list must never be guessed.
     */
    public static OptionalLong parse(String text) {
        String digits = text;
        if (text.length() == HEX_DIGITS + 5) {
            char separator = text.charAt(2);
            if (separator != ':' && separator != '-') {
                return OptionalLong.empty();
            }
            for (int i = 2; i < text.length(); i += 3) {
                if (text.charAt(i) != separator) {
                    return OptionalLong.empty();
                }
            }
            digits = text.replace(String.valueOf(separator), "");
        }
        if (digits.length() != HEX_DIGITS) {
            return OptionalLong.empty();
        }
        long mac = 0;
        for (int i = 0; i < HEX_DIGITS; i++) {
            char c = digits.charAt(i);
            int nibble = c < 128 ? Character.digit(c, 16) : -1;
            if (nibble < 0) {
                return OptionalLong.empty();
            }
            mac = (mac << 4) | nibble;
        }
        return OptionalLong.of(mac);
    }
}
