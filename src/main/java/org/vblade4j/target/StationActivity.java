// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * What one station has done with a target since it was first seen.
 *
 * @param mac the station, see {@link org.vblade4j.wire.Mac}; 0 for all those together that came
 *     when there was no place to keep them apart
 * @param firstSeenNs how long ago it was first seen, in nanoseconds
 * @param lastSeenNs how long ago it was last seen, in nanoseconds
 * @param discovers queries answered: config string, mask list, reservation
 * @param reads read commands answered without error
 * @param readSectors sectors of 512 bytes it read
 * @param writes write commands answered without error
 * @param writtenSectors sectors of 512 bytes it wrote
 * @param configs changes of config string, mask list and reservation that it asked for and may make
 * @param refused frames that it has not the right to send, answered or not
 * @param dropped frames beyond its limits or its fair share
 */
public record StationActivity(
        long mac,
        long firstSeenNs,
        long lastSeenNs,
        long discovers,
        long reads,
        long readSectors,
        long writes,
        long writtenSectors,
        long configs,
        long refused,
        long dropped) {}
