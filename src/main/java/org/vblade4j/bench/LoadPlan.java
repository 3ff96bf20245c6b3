// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

/**
 * What to ask of a target, and how.
 *
 * @param readPercent of the requests, 100 for reads alone, 0 for writes alone
 * @param sequential one block after the other, from the start again at the end; else at random
 * @param sectors in a request, 1 to what a frame carries
 * @param depth requests in progress at once, 1 to {@link #MAX_DEPTH}
 * @param firstLba of the range that is used
 * @param blocks requests that the range holds, at least {@code depth}
 * @param warmupNs not measured
 * @param measureNs measured
 * @param resendNs a request unanswered for so long is sent again
 * @param verify writes leave a pattern that tells the place and the seed, and reads are compared
 * @param seed of the order of places, and of the pattern
 */
public record LoadPlan(
        int readPercent,
        boolean sequential,
        int sectors,
        int depth,
        long firstLba,
        long blocks,
        long warmupNs,
        long measureNs,
        long resendNs,
        boolean verify,
        long seed) {

    /** What fits into the part of a tag that says which request it is. */
    public static final int MAX_DEPTH = 4096;

    public LoadPlan {
        require(readPercent >= 0 && readPercent <= 100, "read percent", readPercent, "0 to 100");
        require(sectors >= 1 && sectors <= 255, "sectors", sectors, "1 to 255");
        require(depth >= 1 && depth <= MAX_DEPTH, "depth", depth, "1 to " + MAX_DEPTH);
        require(blocks >= depth, "requests in the range", blocks, "at least the depth, " + depth);
        require(firstLba >= 0, "first sector", firstLba, "0 or more");
        require(measureNs > 0 && warmupNs >= 0, "duration", measureNs, "more than nothing");
    }

    boolean writes() {
        return readPercent < 100;
    }

    private static void require(boolean holds, String what, long value, String expected) {
        if (!holds) {
            throw new IllegalArgumentException(what + " " + value + ", expected " + expected);
        }
    }
}
