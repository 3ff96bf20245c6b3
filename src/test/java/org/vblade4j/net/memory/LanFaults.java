// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

/**
 * How bad a network is. Each rate is a probability from 0 to 1, decided for every frame and every
 * receiver on its own; the same seed and the same order of sending give the same faults.
 *
 * @param lossRate the frame does not arrive
 * @param duplicateRate it arrives twice
 * @param reorderRate it arrives after one to four frames that were sent to the receiver later; if
 *     none follow, never
 * @param corruptRate one bit of it is flipped, which Ethernet's checksum would have caught
 */
public record LanFaults(
        double lossRate, double duplicateRate, double reorderRate, double corruptRate, long seed) {
    /** A good network. */
    public static final LanFaults NONE = new LanFaults(0, 0, 0, 0, 0);

    public LanFaults {
        checkRate("loss rate", lossRate);
        checkRate("duplicate rate", duplicateRate);
        checkRate("reorder rate", reorderRate);
        checkRate("corrupt rate", corruptRate);
    }

    private static void checkRate(String name, double rate) {
        if (!(rate >= 0 && rate <= 1)) {
            throw new IllegalArgumentException(name + " " + rate + ", expected 0 to 1");
        }
    }
}
