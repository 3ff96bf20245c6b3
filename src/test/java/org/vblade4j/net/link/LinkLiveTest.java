// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.net.PortException;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;

@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class LinkLiveTest {
    private static final long MAC = 0x02_00_00_00_00_14L;
    private static final int RENAMES = 40;

    /** While the kernel renames it, for some milliseconds an interface is found by no name. */
    @Test
    void anInterfaceIsNotGoneWhileItIsRenamed(PrivateNetwork network) throws Exception {
        network.veth("before", MAC, "otherend", MAC + 1, 1500);
        network.down("before");
        try (Link link = Link.open("before")) {
            FutureTask<Void> renames = new FutureTask<>(() -> rename(network), null);
            new Thread(renames, "renames").start();
            while (!renames.isDone()) {
                link.refresh();
                assertEquals(1500, link.mtuBytes());
                assertEquals(MAC, link.mac());
            }
            renames.get();
            network.changeMtu("before", 1400);
            link.refresh();
            assertEquals(1400, link.mtuBytes());
            network.delete("before");
            PortException gone = assertThrows(PortException.class, link::refresh);
            assertTrue(gone.getMessage().endsWith("gone"), gone.getMessage());
        }
    }

    private static void rename(PrivateNetwork network) {
        for (int i = 0; i < RENAMES; i++) {
            network.ip("link", "set", "before", "name", "after");
            network.ip("link", "set", "after", "name", "before");
        }
    }
}
