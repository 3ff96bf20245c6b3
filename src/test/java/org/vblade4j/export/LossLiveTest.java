// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
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
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;

/** What must not end an export: its interface or its device goes, changes, and comes back. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class LossLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long TARGET = 0x02_00_00_00_00_14L;
    private static final long CLIENT = 0x02_00_00_00_00_0aL;
    private static final long SILENCE_NS = 100_000_000L;
    private static final long SOON_NS = 2_000_000_000L;
    private static final int SECTORS = 128;

    @TempDir Path directory;
    private final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
    private PrivateNetwork network;
    private Path file;
    private Path image;
    private Export export;

    private final Export.Listener listener =
            new Export.Listener() {
                @Override
                public void started(Export started) {}

                @Override
                public void ended(Export ended, Throwable cause) {
                    ends.add("ended by " + cause);
                }
            };

    @BeforeEach
    void wire(PrivateNetwork wired) throws Exception {
        network = wired;
        network.veth("target", TARGET, "client", CLIENT, 1500);
        file = Files.write(directory.resolve("disk"), new byte[SECTORS * 512]);
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (export != null) {
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
    }

    private void start(Path device) throws InterruptedException {
        ExportSpec spec =
                new ExportSpec(
                        "a",
                        ADDRESS,
                        "target",
                        device,
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        export = Export.start(spec, new RingPorts(), 64, listener);
        assertTrue(export.awaitStarted(PATIENCE), () -> String.valueOf(export.failure()));
    }

    private static EthernetPort client() throws PortException {
        return new RingPorts().open(PortOptions.forInitiator("client", 64, 16), new Counters());
    }

    private static byte[] pattern(int sectors, int value) {
        byte[] data = new byte[sectors * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    /** Asks until there is an answer, or none for a while. */
    private static long askUntil(LanClient client, boolean answered) throws PortException {
        long startNs = System.nanoTime();
        while ((client.query(ADDRESS, SILENCE_NS) != null) != answered) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "answers: " + !answered);
        }
        return System.nanoTime() - startNs;
    }

    private void awaitWaitingFor(String what) throws Exception {
        long startNs = System.nanoTime();
        while (!export.status().orElseThrow().waitingFor().startsWith(what)) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "not waiting: " + what);
            Thread.onSpinWait();
        }
    }

    @Test
    void aDeletedInterfaceIsWaitedForWithTheStoreOpenAndAllCountsKept() throws Exception {
        start(file);
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
        assertEquals(List.of(), List.copyOf(ends));
    }

    @Test
    void aRenamedInterfaceIsServedUntilAnotherOneTakesItsName() throws Exception {
        start(file);
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
        assertEquals(List.of(), List.copyOf(ends));
    }

    @Test
    void aLinkThatFlapsAndANewAddressAreServedOn() throws Exception {
        start(file);
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
        assertEquals(List.of(), List.copyOf(ends));
    }

    @Test
    void aTruncatedFileFailsOnlyWhatIsGoneAndServesAllWhenRestored() throws Exception {
        start(file);
        try (EthernetPort port = client();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            LanClient client = new LanClient(port);
            channel.truncate(64 * 512);
            assertEquals(0x41, client.write(ADDRESS, 100, pattern(1, 1)), "at once, as an error");
            assertEquals(64 * 512, Files.size(file), "a write never makes the file grow");
            assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 63, pattern(1, 2)));
            awaitSectors(64);
            Files.write(file, pattern(SECTORS - 64, 3), StandardOpenOption.APPEND);
            awaitSectors(SECTORS);
            assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 100, pattern(1, 4)));
            assertArrayEquals(pattern(1, 4), client.read(ADDRESS, 100, 1));
        }
        assertEquals(List.of(), List.copyOf(ends));
    }

    private void awaitSectors(long sectors) {
        long startNs = System.nanoTime();
        while (export.status().orElseThrow().sectors() != sectors) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "no " + sectors);
            Thread.onSpinWait();
        }
    }

    private String losetup(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "losetup";
        System.arraycopy(words, 0, command, 1, words.length);
        return network.run(List.of(command)).strip();
    }

    private String loopDevice() throws Exception {
        image = Files.write(directory.resolve("image"), new byte[SECTORS * 512]);
        return losetup("-f", "--show", image.toString());
    }

    @Test
    void aGrownLoopDeviceIsAnnouncedAndServedAndAShrunkOneFailsWhatIsBeyond() throws Exception {
        String loop = loopDevice();
        try {
            start(Path.of(loop));
            try (EthernetPort port = client()) {
                LanClient client = new LanClient(port);
                assertEquals(0x41, client.write(ADDRESS, SECTORS, pattern(1, 1)));
                Files.write(image, new byte[SECTORS * 512], StandardOpenOption.APPEND);
                losetup("-c", loop);
                assertNotNull(client.announcement(PATIENCE.toNanos()), "all are told");
                assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, SECTORS, pattern(1, 2)));
                awaitSectors(2 * SECTORS);
                try (FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
                    channel.truncate(64 * 512);
                }
                losetup("-c", loop);
                awaitSectors(64);
                assertEquals(0x41, client.write(ADDRESS, 64, pattern(1, 3)));
                assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 63, pattern(1, 3)));
            }
        } finally {
            stop();
            losetup("-d", loop);
        }
        assertEquals(List.of("ended by null"), List.copyOf(ends));
        export = null;
    }

    @Test
    void aDeviceWhoseMediumIsGoneMeansSilenceUntilItIsBack() throws Exception {
        String loop = loopDevice();
        try {
            start(Path.of(loop));
            try (EthernetPort port = client();
                    FileChannel channel = FileChannel.open(image, StandardOpenOption.WRITE)) {
                LanClient client = new LanClient(port);
                assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 5, pattern(1, 0x22)));
                channel.truncate(0);
                losetup("-c", loop);
                awaitWaitingFor("device " + loop);
                assertNull(client.read(ADDRESS, 5, 1, SILENCE_NS));
                assertNotNull(client.query(ADDRESS), "it is still there to be found");
                assertEquals(SECTORS, export.status().orElseThrow().sectors());
                Files.write(image, pattern(SECTORS, 0x33));
                losetup("-c", loop);
                awaitWaitingFor("");
                byte[] data = null;
                while (data == null) {
                    data = client.read(ADDRESS, 5, 1, SILENCE_NS);
                }
                assertEquals(512, data.length);
            }
            assertTrue(export.status().orElseThrow().counters().value(Counter.STALLED_DROPS) > 0);
        } finally {
            stop();
            losetup("-d", loop);
        }
        export = null;
    }

    @Test
    void aFullFileSystemFailsTheWriteAtOnceAndTakesItWhenThereIsRoom() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("small"));
        network.run(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "none", mount.toString()));
        try {
            Path sparse = mount.resolve("sparse");
            network.run(List.of("truncate", "-s", "256k", sparse.toString()));
            Path filler = Files.write(mount.resolve("filler"), new byte[56 * 1024]);
            start(sparse);
            try (EthernetPort port = client()) {
                LanClient client = new LanClient(port);
                int status = AtaFrame.STATUS_READY;
                for (int lba = 0; status == AtaFrame.STATUS_READY && lba < 256; lba += 8) {
                    status = client.write(ADDRESS, lba, pattern(1, 0x44));
                }
                assertEquals(0x41, status);
                Files.delete(filler);
                assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 240, pattern(1, 0x55)));
                assertArrayEquals(pattern(1, 0x44), client.read(ADDRESS, 0, 1));
            }
        } finally {
            stop();
            network.run(List.of("umount", mount.toString()));
        }
        assertEquals(List.of("ended by null"), List.copyOf(ends));
        export = null;
    }
}
