// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.link.Link;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/** Frames as libpcap hands them over, more than there is time for. */
@Tag("live") // a link has to be an interface's
@ExtendWith(PrivateNetworkExtension.class)
final class ArrivalsLiveTest {
    private static final long TARGET_MAC = 0x0200_0000_0001L;
    private static final long INITIATOR_MAC = 0x0200_0000_0002L;
    private static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    private static final int FRAME_BYTES = 1514;

    private static byte[] request(int shelf) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        AoeFrame.putEthernet(frame, 0, TARGET_MAC, INITIATOR_MAC);
        AoeFrame.putAoe(frame, 0, 0, shelf, ADDRESS.slot(), Aoe.COMMAND_CONFIG, 1);
        return frame.array();
    }

    /** On a busy network most of what libpcap's filter lets pass is for others. */
    @Test
    void framesForOthersWithoutEndDoNotKeepTheThread(PrivateNetwork network) throws Exception {
        network.veth("target", TARGET_MAC, "initiator", INITIATOR_MAC, 1500);
        try (Link link = Link.open("target")) {
            PortOptions options = PortOptions.forTarget("target", ADDRESS, 16, 4);
            Arrivals arrivals = new Arrivals(options, link, FRAME_BYTES, new Counters());
            int[] looked = new int[1];
            Supplier<byte[]> busy =
                    () -> {
                        assertTrue(++looked[0] < 100_000, "looks on and on");
                        return request(looked[0] % 1000 == 999 ? ADDRESS.shelf() : 9);
                    };
            int lent = 0;
            int rounds = 0;
            while (lent < 20) {
                int before = looked[0];
                lent += arrivals.lend((buffer, offset, lengthBytes) -> {}, 64, busy);
                rounds++;
                assertTrue(looked[0] - before <= 1024, looked[0] - before + " at once");
            }
            assertEquals(20, lent);
            assertTrue(rounds >= 20, "and others had their turn " + rounds + " times");
        }
    }
}
