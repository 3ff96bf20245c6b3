// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** A host that sends as fast as it can, beside one that works, on a bridge. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class FloodLiveTest {
    private static final System.Logger LOG = System.getLogger(FloodLiveTest.class.getName());
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long TARGET = 0x02_00_00_00_00_14L;
    private static final long RETRY_NS = 20_000_000L;
    private static final int READS = 1000;
    private static final int BURST = 64;
    private static final long MAX_GROWTH_BYTES = 64L << 20;

    @TempDir Path directory;
    private final AtomicBoolean flooding = new AtomicBoolean(true);
    private final AtomicLong flooded = new AtomicLong();

    /** Reads of two sectors, never waiting for an answer. */
    private void flood(EthernetPort port) {
        try (port) {
            for (int tag = 0; flooding.get(); ) {
                for (int i = 0; i < BURST; i++, tag++) {
                    int slot = port.claim();
                    int at = port.slotOffset(slot);
                    AoeFrame.putEthernet(port.slots(), at, TARGET, port.mac());
                    AoeFrame.putAoe(port.slots(), at, 0, 1, 1, Aoe.COMMAND_ATA, tag);
                    AtaFrame.putRequest(
                            port.slots(), at, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 2, 0);
                    port.commit(slot, AoeFrame.pad(port.slots(), at, AtaFrame.DATA_OFFSET));
                }
                port.flush();
                port.receive((buffer, offset, length) -> {}, BURST);
                flooded.addAndGet(BURST);
            }
        } catch (PortException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Figures(long retries, long medianNs, long worstNs) {
        @Override
        public String toString() {
            return "median "
                    + medianNs / 1000
                    + " us, 99 % within "
                    + worstNs / 1000
                    + " us, retries "
                    + retries;
        }
    }

    private static Figures work(LanClient client) throws PortException {
        long[] tookNs = new long[READS];
        long retries = 0;
        for (int i = 0; i < READS; i++) {
            long startNs = System.nanoTime();
            while (client.read(ADDRESS, i % 64, 1, RETRY_NS) == null) {
                retries++;
                assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "starved");
            }
            tookNs[i] = System.nanoTime() - startNs;
        }
        Arrays.sort(tookNs);
        return new Figures(retries, tookNs[READS / 2], tookNs[READS * 99 / 100]);
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void aFloodingHostNeitherStarvesAnotherNorGrowsTheMemory(PrivateNetwork network)
            throws Exception {
        network.ip("link", "add", "bridge", "type", "bridge");
        network.up("bridge");
        connect(network, "target", TARGET, "p1");
        connect(network, "good", 0x02_00_00_00_00_0aL, "p2");
        connect(network, "bad", 0x02_00_00_00_00_0bL, "p3");
        Path file = Files.write(directory.resolve("disk"), new byte[64 * 512]);
        Export export = start(file);
        try (EthernetPort port =
                new RingPorts().open(PortOptions.forInitiator("good", 256, 16), new Counters())) {
            LanClient client = new LanClient(port);
            assertNotNull(client.query(ADDRESS));
            work(client);
            Figures before = work(client);
            long usedBefore = usedBytes();
            EthernetPort bad =
                    new RingPorts()
                            .open(PortOptions.forInitiator("bad", 256, BURST), new Counters());
            Thread flooder = new Thread(() -> flood(bad), "flooder");
            flooder.start();
            long startNs = System.nanoTime();
            Figures during = work(client);
            long tookNs = System.nanoTime() - startNs;
            long usedDuring = usedBytes();
            flooding.set(false);
            flooder.join();
            Counters counters = export.status().orElseThrow().counters();
            LOG.log(
                    System.Logger.Level.INFO,
                    "before: {0}; during: {1}; {2} frames flooded in {3} ms, fair_drops {4},"
                            + " kernel_drops {5}, {6} bytes of memory more",
                    before,
                    during,
                    Long.toString(flooded.get()),
                    Long.toString(tookNs / 1_000_000),
                    Long.toString(counters.value(Counter.FAIR_DROPS)),
                    Long.toString(counters.value(Counter.KERNEL_DROPS)),
                    Long.toString(usedDuring - usedBefore));
            assertTrue(usedDuring - usedBefore < MAX_GROWTH_BYTES);
            assertTrue(during.retries < READS, "most of its reads are answered at once");
            long good =
                    export.activities().stream()
                            .filter(activity -> activity.mac() == 0x02_00_00_00_00_0aL)
                            .findFirst()
                            .orElseThrow()
                            .dropped();
            assertEquals(0, good, "who keeps to the buffer count is not dropped");
        } finally {
            flooding.set(false);
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
        assertTrue(export.failure().isEmpty());
    }

    private static void connect(PrivateNetwork network, String link, long mac, String plug) {
        network.veth(link, mac, plug, mac + 0x100, 1500);
        network.ip("link", "set", plug, "master", "bridge");
    }

    private static Export start(Path file) throws InterruptedException {
        ExportSpec spec =
                new ExportSpec(
                        "a", ADDRESS, "target", file, ExportOptions.DEFAULTS, new Origin("t", 1));
        Export export =
                Export.start(
                        spec,
                        new RingPorts(),
                        512,
                        new Export.Listener() {
                            @Override
                            public void started(Export started) {}

                            @Override
                            public void ended(Export ended, Throwable cause) {}
                        });
        assertTrue(export.awaitStarted(PATIENCE));
        return export;
    }
}
