// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.EthernetPortContract;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

@Tag("live")
@org.junit.jupiter.api.Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
final class PcapPortLiveTest extends EthernetPortContract {
    private PrivateNetwork network;

    @BeforeEach
    void enter(PrivateNetwork network) {
        this.network = network;
    }

    @Override
    protected void connect(int mtuBytes) {
        network.veth("target", TARGET_MAC, "initiator", INITIATOR_MAC, mtuBytes);
    }

    @Override
    protected EthernetPort open(PortOptions options, Counters counters) throws PortException {
        return new PcapPorts().open(options, counters);
    }

    @Override
    protected void changeMtu(EthernetPort target, int mtuBytes) {
        network.changeMtu("target", mtuBytes);
    }

    /** libpcap's frames come as arrays: this port is documented to allocate. */
    @Override
    protected long heapBytesPerExchange() {
        return 8192;
    }

    @Test
    void aMissingInterfaceIsNamed() {
        connect(1500);
        PortOptions options = PortOptions.forInitiator("nosuch0", 16, 16);
        PortException e =
                assertThrows(
                        PortException.class, () -> new PcapPorts().open(options, new Counters()));
        assertEquals("nosuch0: no such network interface", e.getMessage());
    }

    @Test
    void aLinkThatWasDownIsHeardAgain() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        network.down("target");
        target.await(50_000_000);
        assertEquals(0, target.receive((b, at, n) -> {}, 8));
        network.up("target");
        network.awaitUp("target");
        request(initiator, 1, 60);
        initiator.flush();
        assertEquals(List.of(1), tags(receive(target, 1)));
    }

    @Test
    void aRemovedInterfaceEndsThePort() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.delete("target");
        PortException e = assertThrows(PortException.class, () -> target.await(PATIENCE_NS));
        assertTrue(e.getMessage().startsWith("target: "), e.getMessage());
    }

    @Test
    void aRaisedMtuOutgrowsThePort() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.changeMtu("initiator", 9000);
        network.changeMtu("target", 9000);
        target.await(300_000_000);
        assertTrue(target.outgrown());
        assertEquals(1500, target.mtuBytes());
    }
}
