// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

/**
 * How much stations may ask of a target in a second, on average; a second's worth may come at once.
 * 0 is no limit.
 *
 * @param requests ATA commands of one station
 * @param bytes data read and written by one station
 * @param queries all other commands of one station
 * @param unknownBytes answers to other commands than ATA, of all unknown stations together; a
 *     station that is named has as much for itself, those at work have as much together
 * @param unknownChanges changes of the config string, mask list and reservation, likewise
 */
public record StationLimits(
        int requests, long bytes, int queries, long unknownBytes, int unknownChanges) {
    public static final StationLimits NONE = new StationLimits(0, 0, 0, 0, 0);
}
