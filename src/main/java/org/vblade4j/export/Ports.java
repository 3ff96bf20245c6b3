// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.config.PortKind;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.pcap.PcapPorts;
import org.vblade4j.net.ring.RingPorts;

/** The kinds of port there are; one object a process, whose ports may share what they need. */
public final class Ports {
    private final PortFactory ring = new RingPorts();
    private final PortFactory pcap = new PcapPorts();

    public PortFactory of(PortKind kind) {
        return switch (kind) {
            case RING -> ring;
            case PCAP -> pcap;
        };
    }
}
