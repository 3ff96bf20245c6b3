// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.util.Set;
import java.util.stream.Collectors;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;

/**
 * Opens {@link RingPort}s. The targets' ports of one factory that are on the same interface share
 * the kernel's work of telling whose a frame is ({@link SteeringGroup}).
 */
public final class RingPorts implements PortFactory {
    private final Steering steering = new Steering();

    @Override
    public EthernetPort open(PortOptions options, Counters counters) throws PortException {
        RingPort port = RingPort.open(options, counters);
        return options.accept() == PortOptions.Accept.REQUESTS
                ? port.steered(steering, options.address())
                : port;
    }

    @Override
    public Set<Long> ownMacs() {
        try {
            return Nic.all().stream().map(Nic::mac).collect(Collectors.toSet());
        } catch (PortException e) {
            return Set.of();
        }
    }
}
