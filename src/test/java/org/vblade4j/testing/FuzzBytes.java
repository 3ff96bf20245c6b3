// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The bytes a fuzzer made up, read from front to back; past their end everything is zero or empty.
 * Kept plain, so that a seed can be put together from real frames and files.
 */
public final class FuzzBytes {
    private final byte[] data;
    private int at;

    public FuzzBytes(byte[] data) {
        this.data = data;
    }

    public boolean hasMore() {
        return at < data.length;
    }

    /** One byte, 0 to 255. */
    public int u8() {
        return at < data.length ? data[at++] & 0xff : 0;
    }

    /** Two bytes, the first one in the upper half. */
    public int u16() {
        return u8() << 8 | u8();
    }

    /** A length in two bytes and so many bytes, fewer when there are not so many left. */
    public byte[] block() {
        int length = u16();
        int end = Math.min(data.length, at + length);
        byte[] block = Arrays.copyOfRange(data, at, end);
        at = end;
        return block;
    }

    /** As {@link #block}, as text. */
    public String text() {
        return new String(block(), StandardCharsets.UTF_8);
    }
}
