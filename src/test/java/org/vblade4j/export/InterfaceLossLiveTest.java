// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.wire.AtaFrame;

/** What must not end an export: its interface goes, changes, and comes back. */
class InterfaceLossLiveTest extends LossLab {
    private static final long SOON_NS = 2_000_000_000L;

    /** Asks until there is an answer, or none for a while. */
    private static long askUntil(LanClient client, boolean answered) throws PortException {
        long startNs = System.nanoTime();
        while ((client.query(ADDRESS, SILENCE_NS) != null) != answered) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "answers: " + !answered);
        }
        return System.nanoTime() - startNs;
    }

    @Test
    void aDeletedInterfaceIsWaitedForWithTheStoreOpenAndAllCountsKept() throws Exception {
        start(image("disk"));
        try (EthernetPort port = client()) {
            LanClient client = new LanClient(port);
            assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 3, pattern(1, 0x11)));
        }
        for (int round = 1; round <= 3; round++) {
            network.delete("target");
            awaitWaitingFor("interface target");
            network.veth("target", TARGET + round, "client", CLIENT, 1500);
            long backNs = System.nanoTime();
            try (EthernetPort port = client()) {
                LanClient client = new LanClient(port);
                askUntil(client, true);
                assertTrue(System.nanoTime() - backNs < SOON_NS, "not back within two seconds");
                assertArrayEquals(pattern(1, 0x11), client.read(ADDRESS, 3, 1));
            }
            awaitWaitingFor("");
            assertEquals(TARGET + round, export.status().orElseThrow().mac());
        }
        Counters counters = export.status().orElseThrow().counters();
        assertEquals(1, counters.value(Counter.WRITES));
        assertEquals(3, counters.value(Counter.READS));
    }

    @Test
    void aRenamedInterfaceIsServedUntilAnotherOneTakesItsName() throws Exception {
        start(image("disk"));
        network.down("target");
        network.ip("link", "set", "target", "name", "renamed");
        network.up("renamed");
        network.awaitUp("renamed");
        try (EthernetPort port = client()) {
            askUntil(new LanClient(port), true);
            network.veth("target", TARGET + 1, "client2", CLIENT + 1, 1500);
            askUntil(new LanClient(port), false);
            try (EthernetPort second =
                    new RingPorts()
                            .open(PortOptions.forInitiator("client2", 64, 16), new Counters())) {
                askUntil(new LanClient(second), true);
            }
        } finally {
            network.delete("renamed");
        }
        assertEquals(TARGET + 1, export.status().orElseThrow().mac());
    }

    @Test
    void aLinkThatFlapsAndANewAddressAreServedOn() throws Exception {
        start(image("disk"));
        try (EthernetPort port = client()) {
            LanClient client = new LanClient(port);
            for (int i = 0; i < 3; i++) {
                network.down("target");
                assertNull(client.query(ADDRESS, SILENCE_NS));
                network.up("target");
                network.awaitUp("target");
                askUntil(client, true);
            }
            network.ip("link", "set", "target", "address", "02:00:00:00:00:77");
            byte[] answer = client.query(ADDRESS, PATIENCE.toNanos());
            while (answer == null || answer[11] != 0x77) {
                answer = client.query(ADDRESS, PATIENCE.toNanos());
            }
            network.changeMtu("target", 1400);
            askUntil(client, true);
        }
    }
}
