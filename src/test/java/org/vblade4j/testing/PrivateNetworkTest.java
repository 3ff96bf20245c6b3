// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.sys.Libc;

@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
final class PrivateNetworkTest {
    private static final long LEFT = 0x0200_0000_0001L;
    private static final long RIGHT = 0x0200_0000_0002L;

    private Thread before;

    @BeforeEach
    void remembersItsThread(PrivateNetwork network) {
        before = Thread.currentThread();
        network.veth("io-left", LEFT, "io-right", RIGHT, 9000);
    }

    @AfterEach
    void endsOnTheSameThread() {
        assertEquals(before, Thread.currentThread());
    }

    @Test
    void vethHasItsAddressAndMtuAndIsUp(PrivateNetwork network) throws Exception {
        Path right = Path.of("/sys/class/net/io-right");
        assertEquals("9000", Files.readString(right.resolve("mtu")).strip());
        assertEquals("02:00:00:00:00:02", Files.readString(right.resolve("address")).strip());
        assertEquals("up", Files.readString(right.resolve("operstate")).strip());
        assertTrue(network.run(List.of("cat", "/proc/net/dev")).contains("io-left"));
    }

    @Test
    void threadsStartedInsideAreInside() throws Exception {
        FutureTask<Integer> look =
                new FutureTask<>(() -> Libc.if_nametoindex(Libc.cString("io-left")));
        new Thread(look).start();
        assertTrue(look.get() > 0);
        assertEquals(0, Libc.if_nametoindex(Libc.cString("eth0")));
        assertTrue(NetworkInterface.getByName("lo").isUp());
    }

    @Test
    void callsFromOutsideAreRefused() throws Exception {
        PrivateNetwork other = PrivateNetwork.call(network -> network);
        assertThrows(IllegalStateException.class, () -> other.up("lo"));
    }

    @Test
    void nothingOfItIsSeenInAnother() throws Exception {
        String links = PrivateNetwork.call(network -> network.ip("-o", "link"));
        assertFalse(links.contains("io-left"));
    }

    @Test
    void aBodyThatFailsFailsItsCaller() {
        AssertionError failure = new AssertionError("inside");
        AssertionError seen =
                assertThrows(
                        AssertionError.class,
                        () ->
                                PrivateNetwork.call(
                                        network -> {
                                            throw failure;
                                        }));
        assertEquals(failure, seen);
    }
}
