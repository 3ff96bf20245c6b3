// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.List;
import java.util.Set;

/**
 * What to do to a target.
 *
 * @param stations the hosts' hardware addresses; the port must receive for all of them
 * @param firstLba of the range that is used
 * @param sectors in the range, at least 64
 * @param maxSectors in a request, 1 to what a frame carries
 * @param burst the most frames sent without waiting for an answer, at least 16
 * @param patterns what the hosts do, at least one
 * @param inOrder the network keeps frames in order, and the target carries out requests for a
 *     sector in the order in which they arrive: what does not fit to that is found, too
 * @param keepGoing goes on after a finding
 * @param durationNs how long, without writing all sectors before and reading them after
 * @param seed of everything that is random, but for the number that tells runs apart
 */
public record TorturePlan(
        List<Long> stations,
        long firstLba,
        int sectors,
        int maxSectors,
        int burst,
        Set<Pattern> patterns,
        boolean inOrder,
        boolean keepGoing,
        long durationNs,
        long seed) {
    public static final int MIN_SECTORS = 64;
    public static final int MAX_SECTORS = 1 << 14;
    public static final int MIN_BURST = 16;
    public static final int MAX_BURST = 1 << 16;

    public TorturePlan {
        stations = List.copyOf(stations);
        patterns = Set.copyOf(patterns);
        if (stations.isEmpty() || patterns.isEmpty()) {
            throw new IllegalArgumentException("no station or no pattern");
        }
        require("the range's sectors", sectors, MIN_SECTORS, MAX_SECTORS);
        require("sectors in a request", maxSectors, 1, 255);
        require("frames in a burst", burst, MIN_BURST, MAX_BURST);
    }

    private static void require(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    what + " " + value + ", expected " + least + " to " + most);
        }
    }
}
