// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/**
 * The certain knowledge that a sector held a value at some moment between two others: an answered
 * write, or a read.
 *
 * @param value what the sector held
 * @param asked when a read was asked for, else as {@code begin}
 * @param begin not before
 * @param end not after
 * @param read a read, not a write
 * @param origin for messages
 */
record Observation(long value, long asked, long begin, long end, boolean read, Object origin) {

    /** An answered write. */
    static Observation written(long value, long begin, long end, Object origin) {
        return new Observation(value, begin, begin, end, false, origin);
    }

    @Override
    public String toString() {
        return (read ? "read " : "wrote ") + value + " from " + begin + " until " + end;
    }
}
