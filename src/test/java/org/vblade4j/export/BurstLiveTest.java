// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.torture.Pattern;
import org.vblade4j.torture.Torture;
import org.vblade4j.torture.TorturePlan;
import org.vblade4j.torture.TortureReport;
import org.vblade4j.torture.TortureText;
import org.vblade4j.wire.AoeAddress;

/**
 * Bursts of more frames than the receive ring holds, so that the kernel fills each place anew the
 * moment it is given back. In them, over and over, a write of two sectors, a write that follows it,
 * and the second again with a new tag: it has to wait for the first, and its data with it.
 */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class BurstLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long CLIENT = 0x02_00_00_00_00_0aL;
    private static final int SECTORS = 8192;
    private static final int BUFFERS = 16;

    @TempDir Path directory;

    private static final class Silent implements Export.Listener {
        @Override
        public void started(Export started) {}

        @Override
        public void ended(Export ended, Throwable cause) {}
    }

    @Test
    void aResentWriteKeepsItsDataUntilItIsMade(PrivateNetwork network) throws Exception {
        network.veth("target", 0x02_00_00_00_00_14L, "client", CLIENT, 1500);
        Path file = Files.write(directory.resolve("disk"), new byte[SECTORS * 512]);
        ExportOptions options = new ExportOptions(BUFFERS, false, false, false, List.of(), 0, 0);
        Origin origin = new Origin("test", 1);
        ExportSpec spec = new ExportSpec("a", ADDRESS, "target", file, options, origin);
        RingPorts ports = new RingPorts();
        Export export = Export.start(spec, ports, 0, new Silent());
        assertTrue(export.awaitStarted(PATIENCE));
        PortOptions client = PortOptions.forInitiator("client", 4096, 4096);
        try (EthernetPort port = ports.open(client, new Counters())) {
            torture(port);
            Counters counters = export.status().orElseThrow().counters();
            assertTrue(counters.value(Counter.KERNEL_DROPS) > 1000, "the ring was full");
        } finally {
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
    }

    private static void torture(EthernetPort port) throws Exception {
        long seed = System.nanoTime();
        TorturePlan plan =
                new TorturePlan(
                        List.of(CLIENT),
                        0,
                        SECTORS,
                        2,
                        4000,
                        Set.of(Pattern.PAIRS),
                        false,
                        true,
                        TimeUnit.SECONDS.toNanos(10),
                        seed);
        Discovery discovery = new Discovery(port, System::nanoTime);
        FoundTarget target = discovery.find(ADDRESS, PATIENCE.toNanos()).get(0);
        TortureReport report = new Torture(port, target, plan, System::nanoTime, () -> false).run();
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        TortureText.print(ADDRESS.toString(), plan, report, out);
        out.flush();
        assertEquals(0, report.findings().size(), text::toString);
        assertTrue(report.complete() && report.checkedSectors() > SECTORS, text::toString);
    }
}
