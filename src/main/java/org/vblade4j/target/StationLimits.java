// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * How much one station may ask of a target in a second, on average; a second's worth may come at
 * once. 0 is no limit.
 *
 * @param requests ATA commands
 * @param bytes data read and written
 * @param queries all other commands
 */
public record StationLimits(int requests, long bytes, int queries) {
    public static final StationLimits NONE = new StationLimits(0, 0, 0);
}
