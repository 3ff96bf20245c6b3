// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.AoeAddress;

/** Ports without a descriptor. */
final class PortsWaiterTest extends PortsWaiterContract {
    private final MemoryLan[] lans = {new MemoryLan(), new MemoryLan(), new MemoryLan()};

    @Override
    EthernetPort openWaiting(int number) {
        PortOptions options = PortOptions.forInitiator("lan", 16, 4);
        return lans[number].connect(options, 0x0200_0000_0020L, 1500, new Counters());
    }

    @Override
    EthernetPort openSending(int number) {
        PortOptions options = PortOptions.forTarget("lan", new AoeAddress(1, 1), 16, 4);
        return lans[number].connect(options, 0x0200_0000_0010L, 1500, new Counters());
    }
}
