// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/**
 * A write of one value as it was transmitted once: an operation of its own, which takes effect at
 * most once, somewhere between two moments. A resend is another copy of the same value.
 */
final class WriteCopy {
    /** A moment that does not come. */
    static final long NEVER = Long.MAX_VALUE;

    final long value;
    final long sent;
    final Object origin;
    private long latest;

    /**
     * @param value what it leaves in the sector
     * @param sent it does not take effect before
     * @param latest it does not take effect after; {@link #NEVER} as long as nobody knows
     * @param origin for messages
     */
    WriteCopy(long value, long sent, long latest, Object origin) {
        this.value = value;
        this.sent = sent;
        this.latest = latest;
        this.origin = origin;
    }

    long latest() {
        return latest;
    }

    /** It is known now that it does not take effect after that moment. */
    void endedBy(long moment) {
        latest = Math.min(latest, moment);
    }

    @Override
    public String toString() {
        String by = latest == NEVER ? "at any time" : "until " + latest;
        return value + " from " + sent + " " + by;
    }
}
