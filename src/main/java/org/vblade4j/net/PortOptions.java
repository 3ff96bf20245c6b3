// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.util.List;
import org.vblade4j.wire.AoeAddress;

/**
 * How to open a port.
 *
 * @param interfaceName the network interface, at most 15 bytes
 * @param accept which AoE frames the kernel hands over
 * @param address the target's own address for {@link Accept#REQUESTS}, else null
 * @param receiveFrames frames the receive ring holds; the port may round up
 * @param slots reply slots, the most frames in preparation at once
 * @param stations hardware addresses besides the interface's own whose frames the port receives
 *     too, see {@link org.vblade4j.wire.Mac}
 */
public record PortOptions(
        String interfaceName,
        Accept accept,
        AoeAddress address,
        int receiveFrames,
        int slots,
        List<Long> stations) {

    public PortOptions {
        stations = List.copyOf(stations);
    }

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
        return new PortOptions(
                interfaceName, Accept.REQUESTS, address, receiveFrames, slots, List.of());
    }

    public static PortOptions forInitiator(String interfaceName, int receiveFrames, int slots) {
        return new PortOptions(
                interfaceName, Accept.RESPONSES, null, receiveFrames, slots, List.of());
    }

    /** The same port, which also receives what is sent to these stations. */
    public PortOptions withStations(List<Long> stations) {
        return new PortOptions(interfaceName, accept, address, receiveFrames, slots, stations);
    }

    /** Whether the port receives what is sent to one of {@link #stations}; allocates nothing. */
    public boolean isStation(long mac) {
        for (int i = 0; i < stations.size(); i++) {
            if (stations.get(i) == mac) {
                return true;
            }
        }
        return false;
    }
}
