// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

/**
 * Bytes of a file.
 *
 * @param from the first
 * @param lengthBytes how many; 0 for all that follow, also those to come
 */
record ByteRange(long from, long lengthBytes) {
    boolean overlaps(ByteRange other) {
        return from < other.end() && other.from < end();
    }

    private long end() {
        return lengthBytes == 0 ? Long.MAX_VALUE : from + lengthBytes;
    }

    /** The same bytes, seen in what this range's file is a window of. */
    ByteRange within(ByteRange window) {
        long rest = window.lengthBytes == 0 ? 0 : Math.max(1, window.lengthBytes - from);
        long length = lengthBytes == 0 ? rest : lengthBytes;
        return new ByteRange(window.from + from, length);
    }
}
