// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;

@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class MtuGrowthLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int JUMBO_SECTORS = 17;

    private static final class Silent implements Export.Listener {
        @Override
        public void started(Export export) {}

        @Override
        public void ended(Export export, Throwable cause) {}
    }

    private static int sectorCount(byte[] answer) {
        return answer[ConfigFrame.SECTOR_COUNT_OFFSET] & 0xff;
    }

    @Test
    void raisedMtuIsServedWithoutARestartAndKeepsTheReservation(
            PrivateNetwork network, @TempDir Path directory) throws Exception {
        network.veth("target", 0x02_00_00_00_00_14L, "initiator", 0x02_00_00_00_00_0aL, 1500);
        Path file = directory.resolve("disk");
        Files.write(file, new byte[64 * 512]);
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        ADDRESS,
                        "target",
                        file,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        RingPorts ports = new RingPorts();
        Export export = Export.start(spec, ports, 64, new Silent());
        assertTrue(export.awaitStarted(PATIENCE));
        try {
            network.changeMtu("initiator", 9000);
            try (EthernetPort port =
                    ports.open(PortOptions.forInitiator("initiator", 64, 16), new Counters())) {
                LanClient client = new LanClient(port);
                assertEquals(2, sectorCount(client.query(ADDRESS)));
                network.changeMtu("target", 9000);
                byte[] announced = client.announcement(PATIENCE.toNanos());
                while (sectorCount(announced) != JUMBO_SECTORS) {
                    announced = client.announcement(PATIENCE.toNanos());
                }
                byte[] data = new byte[JUMBO_SECTORS * 512];
                Arrays.fill(data, (byte) 0x5a);
                assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 7, data));
                assertArrayEquals(data, client.read(ADDRESS, 7, JUMBO_SECTORS));
                assertEquals(9000, export.status().orElseThrow().mtuBytes());
            }
        } finally {
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
        assertTrue(export.failure().isEmpty());
    }
}
