// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.nbd.NbdClient;
import org.vblade4j.store.Patterns;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

/** {@code aoe nbd} on a machine with several interfaces, none of which it was given. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class NbdIT {
    private static final int BYTES = 1 << 20;
    private static final int READ_BYTES = 512;
    private static final int READS = 200;

    /** A tenth of what the reads would take at one a second. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(READS / 10);

    @TempDir Path directory;
    private Launched bin;
    private byte[] disk;

    @BeforeEach
    void connect(PrivateNetwork network) throws Exception {
        network.veth("aside0", 0x0200_0000_0030L, "aside1", 0x0200_0000_0031L, 1500);
        network.veth("target0", 0x0200_0000_0010L, "client0", 0x0200_0000_0020L, 1500);
        bin = new Launched(directory);
        disk = Patterns.random(1, BYTES);
    }

    @AfterEach
    void killWhatIsLeft() {
        bin.close();
    }

    private Launched.Running serve(String netif, Path image) throws Exception {
        Launched.Running target = bin.start("vblade", "-r", "7", "3", netif, image.toString());
        target.awaitOut("sectors O_RDONLY");
        return target;
    }

    /** One request after the other, each of which finds the server asleep. */
    private void readsAreServedAtOnce() throws Exception {
        Path socket = directory.resolve("nbd.sock");
        Launched.Running server =
                bin.start("aoe", "nbd", "--once", "--socket", socket.toString(), "e7.3");
        server.awaitOut("e7.3: ");
        try (NbdClient client = NbdClient.going(UnixDomainSocketAddress.of(socket), true)) {
            long startNs = System.nanoTime();
            int served = 0;
            while (served < READS && System.nanoTime() - startNs < PATIENCE_NS) {
                int offset = served * READ_BYTES;
                byte[] expected = new byte[READ_BYTES];
                System.arraycopy(disk, offset, expected, 0, READ_BYTES);
                assertArrayEquals(expected, client.read(offset, READ_BYTES));
                served++;
            }
            assertEquals(READS, served, "reads in " + PATIENCE_NS / 1_000_000_000 + " s");
        }
        assertEquals(0, server.awaitEnd());
    }

    @Test
    void anInterfaceThatDoesNotLeadToTheTargetCostsNothing() throws Exception {
        serve("target0", Files.write(directory.resolve("disk"), disk));
        readsAreServedAtOnce();
    }

    @Test
    void twoPathsToTheTargetAreBothWaitedFor(PrivateNetwork network) throws Exception {
        network.veth("target1", 0x0200_0000_0011L, "client1", 0x0200_0000_0021L, 1500);
        Path image = Files.write(directory.resolve("disk"), disk);
        serve("target0", image);
        serve("target1", image);
        readsAreServedAtOnce();
    }

    @Test
    void anotherDiskThatTakesThePlaceOfTheTargetIsNotUsed() throws Exception {
        Launched.Running target = serve("target0", Files.write(directory.resolve("disk"), disk));
        Path socket = directory.resolve("nbd.sock");
        Launched.Running server = bin.start("aoe", "nbd", "--socket", socket.toString(), "e7.3");
        server.awaitOut("e7.3: ");
        try (NbdClient client = NbdClient.going(UnixDomainSocketAddress.of(socket), true)) {
            assertEquals(READ_BYTES, client.read(0, READ_BYTES).length);
            target.signal("TERM");
            target.awaitEnd();
            serve("target0", Files.write(directory.resolve("other"), Patterns.random(2, BYTES)));
            IOException e = assertThrows(IOException.class, () -> client.read(0, READ_BYTES));
            assertTrue(e.getMessage().endsWith("error 5"), e.getMessage());
        }
        assertEquals(1, server.awaitEnd());
        String said = Files.readString(server.err());
        assertTrue(said.startsWith("aoe: e7.3 is another disk now: "), said);
    }
}
