// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

/**
 * How a copy ended. Positions are counted from its beginning, also when it took up an earlier one.
 *
 * @param storedBytes all up to here is in the sink
 * @param durableBytes all up to here is on the sink's medium: where to take up the copy
 * @param holeBytes of what was read, holes of the source
 * @param interrupted {@link Copier#stop} came before the end
 * @param failure what went wrong, or null
 * @param timeNs from the first read to the last flush
 */
public record CopyReport(
        long storedBytes,
        long durableBytes,
        long holeBytes,
        boolean interrupted,
        String failure,
        long timeNs) {

    public boolean complete() {
        return failure == null && !interrupted;
    }
}
