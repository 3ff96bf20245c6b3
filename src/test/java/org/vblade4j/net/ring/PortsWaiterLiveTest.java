// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/** Ports on interfaces, waited for with one ppoll(2). */
@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
final class PortsWaiterLiveTest extends PortsWaiterContract {
    @BeforeEach
    void connect(PrivateNetwork network) {
        for (int i = 0; i < PORTS; i++) {
            network.veth(
                    "wait" + i, 0x0200_0000_0020L + i, "send" + i, 0x0200_0000_0010L + i, 1500);
        }
    }

    @Override
    EthernetPort openWaiting(int number) throws PortException {
        PortOptions options = PortOptions.forInitiator("wait" + number, 16, 4);
        return RingPort.open(options, new Counters());
    }

    @Override
    EthernetPort openSending(int number) throws PortException {
        PortOptions options = PortOptions.forTarget("send" + number, new AoeAddress(1, 1), 16, 4);
        return RingPort.open(options, new Counters());
    }
}
