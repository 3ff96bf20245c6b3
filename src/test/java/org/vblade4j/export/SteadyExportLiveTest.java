// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
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
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/**
 * A busy export over a real interface: its thread allocates nothing, waits for no lock, is silent.
 */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class SteadyExportLiveTest {
    private static final int FRAMES = 100_000;

    /** What the JVM and the once-a-second look at the file's size may cost, whatever the load. */
    private static final long FIXED_BYTES = 50_000;

    @TempDir Path directory;

    private static final class Counting extends Handler {
        final AtomicInteger records = new AtomicInteger();

        @Override
        public void publish(LogRecord entry) {
            records.incrementAndGet();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @Test
    void requestsCostNoAllocationNoLockAndNoLogLine(PrivateNetwork network) throws Exception {
        network.veth("target", SteadyLoad.TARGET_MAC, "initiator", SteadyLoad.CLIENT_MAC, 1500);
        Path file = Files.write(directory.resolve("disk"), new byte[64 * 512]);
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        new AoeAddress(1, 1),
                        "target",
                        file,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        LinkedBlockingQueue<Thread> worker = new LinkedBlockingQueue<>();
        RingPorts ports = new RingPorts();
        Export export = Export.start(spec, ports, 128, new Telling(worker));
        Logger logger = Logger.getLogger("org.vblade4j");
        Counting log = new Counting();
        try (EthernetPort client =
                ports.open(PortOptions.forInitiator("initiator", 128, 64), new Counters())) {
            logger.addHandler(log);
            long id = worker.take().getId();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            SteadyLoad load = new SteadyLoad(client);
            load.exchange(FRAMES / 2);
            log.records.set(0);
            long blocked = threads.getThreadInfo(id).getBlockedCount();
            long before = threads.getThreadAllocatedBytes(id);
            load.exchange(FRAMES);
            long allocated = threads.getThreadAllocatedBytes(id) - before;
            assertTrue(allocated < FIXED_BYTES, allocated + " bytes in " + FRAMES + " frames");
            assertEquals(blocked, threads.getThreadInfo(id).getBlockedCount(), "waits for locks");
            assertEquals(0, log.records.get(), "log lines");
            Counters counters = export.status().orElseThrow().counters();
            assertTrue(counters.value(Counter.IN_PLACE_READS) > FRAMES / 2);
        } finally {
            logger.removeHandler(log);
            export.stop();
            assertTrue(export.awaitEnded(Duration.ofSeconds(20)));
        }
    }

    private record Telling(LinkedBlockingQueue<Thread> worker) implements Export.Listener {
        @Override
        public void started(Export started) {
            worker.add(Thread.currentThread());
        }

        @Override
        public void ended(Export ended, Throwable cause) {}
    }
}
