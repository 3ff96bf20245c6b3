// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
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

/** A file that is cut under an export whose answers are sent from its page cache. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class ShrinkingFileLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SECTORS = 2048;
    private static final int CUT = 1001;
    private static final byte FILL = 0x5a;

    @TempDir Path directory;
    private Path file;
    private Export export;

    private static final class Silent implements Export.Listener {
        @Override
        public void started(Export started) {}

        @Override
        public void ended(Export ended, Throwable cause) {}
    }

    @BeforeEach
    void start(PrivateNetwork network) throws Exception {
        network.veth("target", 0x02_00_00_00_00_14L, "initiator", 0x02_00_00_00_00_0aL, 1500);
        file = directory.resolve("disk");
        fill();
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        ADDRESS,
                        "target",
                        file,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        export = Export.start(spec, new RingPorts(), 64, new Silent());
        assertTrue(export.awaitStarted(PATIENCE));
    }

    private void fill() throws IOException {
        byte[] data = new byte[SECTORS * 512];
        Arrays.fill(data, FILL);
        Files.write(file, data);
    }

    private void resize(int sectors) throws IOException {
        try (RandomAccessFile opened = new RandomAccessFile(file.toFile(), "rw")) {
            opened.setLength(sectors * 512L);
        }
    }

    private void stop() throws InterruptedException {
        export.stop();
        assertTrue(export.awaitEnded(PATIENCE));
        assertTrue(export.failure().isEmpty(), () -> String.valueOf(export.failure()));
    }

    private static byte[] sectors(int count, byte fill) {
        byte[] data = new byte[count * 512];
        Arrays.fill(data, fill);
        return data;
    }

    @Test
    void whatIsGoneIsAnErrorAtOnceAndTheRestIsServed() throws Exception {
        try (EthernetPort port = initiator()) {
            LanClient client = new LanClient(port);
            assertArrayEquals(sectors(2, FILL), client.read(ADDRESS, CUT + 1, 2));
            assertArrayEquals(sectors(2, FILL), client.read(ADDRESS, SECTORS - 2, 2));
            Counters counters = export.status().orElseThrow().counters();
            while (counters.value(Counter.IN_PLACE_READS) < 2) { // counted once it is sent
                Thread.onSpinWait();
            }
            resize(CUT);
            assertEquals(0, dataBytes(client.read(ADDRESS, CUT, 2)), "the same page");
            assertEquals(0, dataBytes(client.read(ADDRESS, SECTORS - 2, 2)), "no page");
            assertArrayEquals(sectors(2, FILL), client.read(ADDRESS, CUT - 2, 2));
            assertTrue(counters.value(Counter.ATA_ERRORS) >= 2);
            resize(SECTORS);
            assertArrayEquals(sectors(2, (byte) 0), readOnceThere(client, CUT + 1));
        } finally {
            stop();
        }
    }

    /** A size that has grown is asked for once a second. */
    private static byte[] readOnceThere(LanClient client, long lba) throws IOException {
        byte[] answer = client.read(ADDRESS, lba, 2);
        for (int i = 0; dataBytes(answer) == 0 && i < 1_000_000; i++) {
            answer = client.read(ADDRESS, lba, 2);
        }
        return answer;
    }

    /** An error's frame has no data, only padding up to 60 bytes. */
    private static int dataBytes(byte[] data) {
        return data.length <= 24 ? 0 : data.length;
    }

    @Test
    void cuttingUnderLoadEndsInDataOrErrorsAndNothingElse() throws Exception {
        FutureTask<Void> cutting =
                new FutureTask<>(
                        () -> {
                            for (int i = 0; i < 1000; i++) {
                                resize(i % 2 == 0 ? 0 : SECTORS);
                                if (i % 10 == 9) {
                                    fill();
                                }
                            }
                            return null;
                        });
        int data = 0;
        int errors = 0;
        try (EthernetPort port = initiator()) {
            LanClient client = new LanClient(port);
            Thread thread = new Thread(cutting, "cutting");
            thread.start();
            for (int lba = 0; !cutting.isDone(); lba = (lba + 7) % (SECTORS - 2)) {
                byte[] answer = client.read(ADDRESS, lba, 2);
                if (dataBytes(answer) == 0) {
                    errors++;
                } else {
                    data++;
                    for (byte b : answer) {
                        assertTrue(b == FILL || b == 0, "neither what was written nor a hole");
                    }
                }
            }
            thread.join();
            cutting.get();
            fill();
            assertArrayEquals(sectors(2, FILL), readOnceThere(client, 0));
        } finally {
            stop();
        }
        assertTrue(data + errors > 0, data + " answers with data, " + errors + " errors");
    }

    private static EthernetPort initiator() throws IOException {
        return new RingPorts().open(PortOptions.forInitiator("initiator", 64, 16), new Counters());
    }
}
