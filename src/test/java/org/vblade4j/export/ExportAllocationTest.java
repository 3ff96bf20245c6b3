// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.AoeAddress;

/** The whole path of an export, from its port through its file and back. */
@Timeout(120)
class ExportAllocationTest {
    private static final int FRAMES = 100_000;

    /** What the JVM and the once-a-second look at the file's size may cost, whatever the load. */
    private static final long FIXED_BYTES = 50_000;

    @TempDir Path directory;
    private final MemoryLan lan = new MemoryLan();
    private final EthernetPort client =
            lan.connect(
                    PortOptions.forInitiator("lan", 128, 64),
                    SteadyLoad.CLIENT_MAC,
                    1500,
                    new Counters());
    private final SteadyLoad load = new SteadyLoad(client);

    @Test
    void servingAllocatesNothingPerFrame() throws Exception {
        Path file = Files.write(directory.resolve("disk"), new byte[64 * 512]);
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        new AoeAddress(1, 1),
                        "lan",
                        file,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        LinkedBlockingQueue<Thread> worker = new LinkedBlockingQueue<>();
        Export export =
                Export.start(
                        spec,
                        (options, counters) ->
                                lan.connect(options, SteadyLoad.TARGET_MAC, 1500, counters),
                        128,
                        new Export.Listener() {
                            @Override
                            public void started(Export started) {
                                worker.add(Thread.currentThread());
                            }

                            @Override
                            public void ended(Export ended, Throwable cause) {}
                        });
        try {
            long id = worker.take().getId();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            load.exchange(FRAMES / 2);
            long before = threads.getThreadAllocatedBytes(id);
            load.exchange(FRAMES);
            long allocated = threads.getThreadAllocatedBytes(id) - before;
            assertTrue(allocated < FIXED_BYTES, allocated + " bytes in " + FRAMES + " frames");
        } finally {
            export.stop();
            assertTrue(export.awaitEnded(Duration.ofSeconds(20)));
        }
    }
}
