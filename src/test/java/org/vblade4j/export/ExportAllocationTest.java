// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
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
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** The whole path of an export, from its port through its file and back. */
@Timeout(120)
class ExportAllocationTest {
    private static final int FRAMES = 100_000;
    private static final int IN_FLIGHT = 32;
    private static final long TARGET_MAC = 0x0200_0000_0014L;
    private static final long CLIENT_MAC = 0x0200_0000_000aL;

    /** What the JVM and the once-a-second look at the file's size may cost, whatever the load. */
    private static final long FIXED_BYTES = 50_000;

    @TempDir Path directory;
    private final MemoryLan lan = new MemoryLan();
    private final EthernetPort client =
            lan.connect(PortOptions.forInitiator("lan", 128, 64), CLIENT_MAC, 1500, new Counters());

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
                        (options, counters) -> lan.connect(options, TARGET_MAC, 1500, counters),
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
            exchange(FRAMES / 2);
            long before = threads.getThreadAllocatedBytes(id);
            exchange(FRAMES);
            long allocated = threads.getThreadAllocatedBytes(id) - before;
            assertTrue(allocated < FIXED_BYTES, allocated + " bytes in " + FRAMES + " frames");
        } finally {
            export.stop();
            assertTrue(export.awaitEnded(Duration.ofSeconds(20)));
        }
    }

    /** Reads and writes by turns. */
    private void exchange(int frames) throws PortException {
        for (int sent = 0; sent < frames; sent += IN_FLIGHT) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                send(sent + i);
            }
            client.flush();
            int answers = 0;
            while (answers < IN_FLIGHT) {
                int received = client.receive((buffer, offset, length) -> {}, IN_FLIGHT - answers);
                answers += received;
                if (received == 0) {
                    client.await(-1);
                }
            }
        }
    }

    private void send(int tag) {
        boolean write = tag % 2 == 0;
        int slot = client.claim();
        ByteBuffer slots = client.slots();
        int at = client.slotOffset(slot);
        AoeFrame.putEthernet(slots, at, TARGET_MAC, CLIENT_MAC);
        AoeFrame.putAoe(slots, at, 0, 1, 1, Aoe.COMMAND_ATA, tag);
        int command = write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT;
        int flags = AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0);
        AtaFrame.putRequest(slots, at, flags, command, 1, tag % 64);
        int length = AtaFrame.DATA_OFFSET + (write ? 512 : 0);
        client.commit(slot, AoeFrame.pad(slots, at, length));
    }
}
