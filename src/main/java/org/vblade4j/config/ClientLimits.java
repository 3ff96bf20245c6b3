// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * How much stations may ask of an export, so that none is served at the expense of others. What is
 * beyond gets no answer; the initiator asks again.
 *
 * @param requestsPerSecond ATA commands of one station; 0 for no limit
 * @param bytesPerSecond data read and written by one station; 0 for no limit
 * @param queriesPerSecond all other commands of one station, whose answers can be larger than what
 *     asked for them; 0 for no limit
 * @param unknownBytesPerSecond such answers to all stations together that are neither named nor at
 *     work: an address costs nothing; 0 for no limit
 * @param unknownChangesPerSecond changes by such stations, likewise
 */
public record ClientLimits(
        int requestsPerSecond,
        long bytesPerSecond,
        int queriesPerSecond,
        long unknownBytesPerSecond,
        int unknownChangesPerSecond) {
    static final int MAX_PER_SECOND = 100_000_000;
    static final long MAX_BYTES_PER_SECOND = 1L << 40;

    /** {@code vblade4j.defaults.limits} of {@code reference.conf}. */
    public static final ClientLimits DEFAULTS = new ClientLimits(0, 0, 200, 512 << 10, 10);
}
