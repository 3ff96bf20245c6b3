// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import picocli.CommandLine.Option;

/** Where aoe's commands look. */
final class InitiatorPort {
    private static final int RECEIVE_FRAMES = 1024;
    private static final int SLOTS = 128;

    @Option(
            names = {"-i", "--interface"},
            paramLabel = "INTERFACE",
            required = true,
            description = "The network interface.")
    private String interfaceName;

    EthernetPort open() throws PortException {
        PortOptions options = PortOptions.forInitiator(interfaceName, RECEIVE_FRAMES, SLOTS);
        return new RingPorts().open(options, new Counters());
    }

    String name() {
        return interfaceName;
    }
}
