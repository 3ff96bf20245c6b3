// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import org.vblade4j.wire.AoeAddress;

/**
 * How to open a port.
 *
 * @param interfaceName the network interface, at most 15 bytes
 * @param accept which AoE frames the kernel hands over
 * @param address the target's own address for {@link Accept#REQUESTS}, else null
 * @param receiveFrames frames the receive ring holds; the port may round up
 * @param slots reply slots, the most frames in preparation at once
 */
public record PortOptions(
        String interfaceName, Accept accept, AoeAddress address, int receiveFrames, int slots) {

    /** The side of the protocol the port serves. */
    public enum Accept {
        /**
         * A target: requests to its own address and to the wildcards, and responses that bear its
         * own address, which only a rival sends.
         */
        REQUESTS,
        /** An initiator: all responses. */
        RESPONSES
    }

    public static PortOptions forTarget(
            String interfaceName, AoeAddress address, int receiveFrames, int slots) {
        return new PortOptions(interfaceName, Accept.REQUESTS, address, receiveFrames, slots);
    }

    public static PortOptions forInitiator(String interfaceName, int receiveFrames, int slots) {
        return new PortOptions(interfaceName, Accept.RESPONSES, null, receiveFrames, slots);
    }
}
