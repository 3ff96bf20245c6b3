// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortFactory;
import org.vblade4j.net.PortOptions;

/** Opens ports over libpcap. */
public final class PcapPorts implements PortFactory {
    @Override
    public EthernetPort open(PortOptions options, Counters counters) throws PortException {
        return PcapPort.open(options, counters);
    }
}
