// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

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
}
