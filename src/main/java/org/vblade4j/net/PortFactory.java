// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.util.Set;
import org.vblade4j.metrics.Counters;

/** Opens ports. It is what an export is given instead of a choice of implementations. */
@FunctionalInterface
public interface PortFactory {
    /**
     * Opens a port; frames that match arrive from here on.
     *
     * @param counters where the port counts; written by the port's thread only
     * @throws PortException with a message for the operator: what failed and what was expected
     */
    EthernetPort open(PortOptions options, Counters counters) throws PortException;

    /**
     * The hardware addresses of this machine's own interfaces, as the calling thread's network
     * namespace has them now: what they send is nobody else's. Ports without a machine under them
     * have none.
     */
    default Set<Long> ownMacs() {
        return Set.of();
    }
}
