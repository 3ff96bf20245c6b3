// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.examples.ReadDisk;
import org.vblade4j.net.ring.Nic;
import org.vblade4j.store.Patterns;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.VbladeProcess;
import org.vblade4j.wire.AoeAddress;

/** The public interface of the package against the C program, over one and over two cables. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class InitiatorApiLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    private static final int BYTES = 24 << 20;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final List<VbladeProcess> vblades = new ArrayList<>();

    @TempDir Path directory;

    @AfterEach
    void killWhatIsLeft() {
        vblades.forEach(VbladeProcess::close);
    }

    private static void cable(PrivateNetwork network, int number) {
        network.veth(
                "target" + number,
                0x0200_0000_0010L + number,
                "client" + number,
                0x0200_0000_0020L + number,
                1500);
    }

    private Path image(String name, long seed) throws IOException {
        return Files.write(directory.resolve(name), Patterns.random(seed, BYTES));
    }

    private void vblade(String netif, Path image) throws Exception {
        vblades.add(VbladeProcess.serve(ADDRESS, netif, image));
    }

    @Test
    void theExampleReadsADisk(PrivateNetwork network) throws Exception {
        cable(network, 0);
        Path image = image("disk.img", 1);
        vblade("target0", image);
        PrintStream standard = System.out;
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        System.setOut(new PrintStream(read, true, StandardCharsets.UTF_8));
        try {
            ReadDisk.main(new String[] {"e7.3"});
        } finally {
            System.setOut(standard);
        }
        assertArrayEquals(Files.readAllBytes(image), read.toByteArray());
    }

    @Test
    void theChannelWritesAnyBytesAnywhere(PrivateNetwork network) throws Exception {
        cable(network, 0);
        Path image = image("disk.img", 2);
        byte[] expected = Files.readAllBytes(image);
        vblade("target0", image);
        try (Initiator initiator = Initiator.open("client0");
                RemoteDisk disk = initiator.connect(ADDRESS)) {
            DiskChannel channel = new DiskChannel(disk);
            for (int[] piece :
                    new int[][] {{1000, 3}, {512, 512}, {700, 1 << 21}, {BYTES - 5, 5}}) {
                byte[] data = Patterns.random(piece[1], piece[1]);
                System.arraycopy(data, 0, expected, piece[0], data.length);
                channel.position(piece[0]).write(ByteBuffer.wrap(data));
            }
            channel.force();
            channel.position(BYTES - 2);
            assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(3)));
        }
        assertArrayEquals(expected, Files.readAllBytes(image));
    }

    @Test
    void nobodyAtAnAddressIsSaidInTime(PrivateNetwork network) throws Exception {
        cable(network, 0);
        try (Initiator initiator = Initiator.open()) {
            assertEquals("client0, target0", initiator.names());
            NoTargetException e =
                    assertThrows(NoTargetException.class, () -> initiator.connect(ADDRESS));
            assertEquals("e7.3 does not answer on client0, target0", e.getMessage());
        }
    }

    @Test
    void interfacesAreListedWithAndWithoutAnIpAddress(PrivateNetwork network) throws Exception {
        cable(network, 0);
        cable(network, 1);
        network.down("client1");
        network.down("target1");
        assertEquals(
                List.of(
                        new Nic("client0", 0x0200_0000_0020L, 1500, true, true),
                        new Nic("target0", 0x0200_0000_0010L, 1500, true, true)),
                Nic.allUp());
        assertEquals(4, Nic.all().size());
        assertFalse(Nic.all().get(1).up());
    }

    @Test
    void twoDisksUnderOneAddressAreRefused(PrivateNetwork network) throws Exception {
        cable(network, 0);
        cable(network, 1);
        vblade("target0", image("one.img", 3));
        vblade("target1", image("two.img", 4));
        try (Initiator initiator = Initiator.open("client0", "client1")) {
            IOException e = assertThrows(IOException.class, () -> initiator.connect(ADDRESS));
            assertTrue(e.getMessage().startsWith("e7.3 is two disks: at "), e.getMessage());
        }
    }

    @Test
    void aCableIsCutAndAnotherPulledOutInTheMiddleOfATransfer(PrivateNetwork network)
            throws Exception {
        for (int i = 0; i < 3; i++) {
            cable(network, i);
        }
        Path image = image("disk.img", 5);
        for (int i = 0; i < 3; i++) {
            vblade("target" + i, image);
        }
        try (Initiator initiator = Initiator.open("client0", "client1", "client2");
                RemoteDisk disk = initiator.connect(ADDRESS)) {
            int[] events = new int[1];
            Runnable idle =
                    () -> {
                        disk.await(SECOND_NS);
                        if (++events[0] == 50) {
                            network.down("target0");
                        } else if (events[0] == 100) {
                            network.delete("client1");
                        }
                    };
            VerifyReport report = new DiskVerifier(disk, 16, 64, 6, System::nanoTime, idle).run();
            assertTrue(report.good(), report + " " + disk.paths());
            assertEquals(
                    List.of(PathState.DOWN, PathState.FAILED, PathState.UP),
                    disk.paths().stream().map(PathReport::state).toList(),
                    disk.paths().toString());
            network.up("target0");
        }
    }

    @Test
    void twoCablesCarryADisk(PrivateNetwork network, TestReporter reporter) throws Exception {
        cable(network, 0);
        cable(network, 1);
        Path image = image("disk.img", 7);
        vblade("target0", image);
        vblade("target1", image);
        VerifyReport one = verify("client0");
        VerifyReport two = verify("client0", "client1");
        assertTrue(one.good() && two.good(), one + " " + two);
        reporter.publishEntry("MiB/s over one path", rates(one));
        reporter.publishEntry("MiB/s over two paths", rates(two));
    }

    private static VerifyReport verify(String... interfaces) throws IOException {
        try (Initiator initiator = Initiator.open(interfaces);
                RemoteDisk disk = initiator.connect(ADDRESS)) {
            VerifyReport report =
                    new DiskVerifier(disk, 16, 64, 8, System::nanoTime, () -> disk.await(SECOND_NS))
                            .run();
            for (PathReport path : disk.paths()) {
                assertTrue(path.framesSent() > 1000, path.toString());
            }
            return report;
        }
    }

    private static String rates(VerifyReport report) {
        double mebibytes = BYTES / 1048576.0;
        return String.format(
                Locale.ROOT,
                "write %.0f, read %.0f",
                mebibytes / (report.writeNs() / 1e9),
                mebibytes / (report.readNs() / 1e9));
    }
}
