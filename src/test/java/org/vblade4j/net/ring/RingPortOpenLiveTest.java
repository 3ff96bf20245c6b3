// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.testing.Capabilities;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
final class RingPortOpenLiveTest {
    private static final long MAC = 0x0200_0000_0001L;
    private static final long PEER_MAC = 0x0200_0000_0002L;

    private static RingPort open(String interfaceName, int frames, int slots) throws PortException {
        AoeAddress address = new AoeAddress(1, 1);
        PortOptions options = PortOptions.forTarget(interfaceName, address, frames, slots);
        return RingPort.open(options, new Counters());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vb9              | vb9: no such network interface",
                "lo               | lo: not an Ethernet interface (hardware type 772, expected 1)",
                "''               | \"\" is no interface name, expected 1 to 15 bytes",
                "sixteen-bytes-xx | \"sixteen-bytes-xx\" is no interface name, expected 1 to 15 bytes",
            })
    void interfaceThatCannotServeIsNamedAndNothingIsLeftOpen(String name, String message)
            throws IOException {
        long before = openFiles();
        PortException failure = assertThrows(PortException.class, () -> open(name, 16, 8));
        assertEquals(message, failure.getMessage());
        assertEquals(before, openFiles());
    }

    @Test
    void missingPrivilegeIsNamed(PrivateNetwork network) throws IOException {
        network.veth("vb0", MAC, "vb1", PEER_MAC, 1500);
        long before = openFiles();
        Capabilities.drop(Capabilities.CAP_NET_RAW);
        PortException failure = assertThrows(PortException.class, () -> open("vb0", 16, 8));
        assertTrue(failure.getMessage().startsWith("vb0: socket(AF_PACKET): "));
        assertTrue(failure.getMessage().contains("CAP_NET_RAW"), failure.getMessage());
        assertEquals(before, openFiles());
    }

    @Test
    void ringTooLargeToMapIsRefusedAndNothingIsLeftOpen(PrivateNetwork network) throws IOException {
        network.veth("vb0", MAC, "vb1", PEER_MAC, 9000);
        long before = openFiles();
        PortException failure = assertThrows(PortException.class, () -> open("vb0", 1 << 20, 8));
        assertEquals(
                "vb0: no receive ring can hold 1048576 frames of MTU 9000", failure.getMessage());
        assertEquals(before, openFiles());
    }

    @Test
    void manyOpensAndClosesLeaveNothing(PrivateNetwork network) throws IOException {
        network.veth("vb0", MAC, "vb1", PEER_MAC, 9000);
        long before = openFiles();
        for (int i = 0; i < 50; i++) {
            try (RingPort port = open("vb0", 128, 128)) {
                port.receive((b, at, n) -> {}, 1);
                port.await(0);
            }
        }
        assertEquals(before, openFiles());
    }

    /** Sockets and eventfds only: the ends of pipes to ended processes close when they please. */
    private static long openFiles() throws IOException {
        long count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                String what = linkTarget(file);
                if (what.startsWith("socket:") || what.contains("eventfd")) {
                    count++;
                }
            }
        }
        return count;
    }

    private static String linkTarget(Path file) throws IOException {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (NoSuchFileException closedMeanwhile) {
            return "";
        }
    }
}
