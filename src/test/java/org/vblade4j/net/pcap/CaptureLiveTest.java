// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class CaptureLiveTest {
    private static final int FRAMES = 5;

    @TempDir private Path directory;

    @Test
    void framesAreSeenAndTheirCopyIsTheSame(PrivateNetwork network) throws Exception {
        network.veth("one", 0x0200_0000_0001L, "two", 0x0200_0000_0002L, 1500);
        Path file = directory.resolve("copy.pcap");
        List<ByteBuffer> seen = new ArrayList<>();
        try (Capture capture = Capture.live("two")) {
            capture.copyTo(file);
            send();
            while (seen.size() < FRAMES) {
                capture.next((frame, lengthBytes, timeUs) -> seen.add(frame));
            }
            assertEquals(0, capture.drops());
        }
        List<ByteBuffer> read = new ArrayList<>();
        List<Long> times = new ArrayList<>();
        try (Capture capture = Capture.file(file)) {
            while (capture.next(
                    (frame, lengthBytes, timeUs) -> {
                        assertEquals(60, lengthBytes);
                        read.add(frame);
                        times.add(timeUs);
                    })) {}
        }
        assertEquals(FRAMES, read.size());
        assertEquals(seen, read);
        assertEquals(4, AoeFrame.tag(read.get(4), 0));
        long nowUs = System.currentTimeMillis() * 1000;
        assertTrue(times.stream().allMatch(time -> Math.abs(nowUs - time) < 60_000_000L));
    }

    /** Who watches a silent wire must be able to end that. */
    @Test
    void whereNothingPassesItComesBack(PrivateNetwork network) throws Exception {
        network.veth("one", 0x0200_0000_0001L, "two", 0x0200_0000_0002L, 1500);
        try (Capture capture = Capture.live("two")) {
            for (int i = 0; i < 20; i++) {
                assertFalse(capture.next((frame, lengthBytes, timeUs) -> fail("a frame")));
            }
            send();
            int[] seen = {0};
            while (seen[0] < FRAMES) {
                capture.next((frame, lengthBytes, timeUs) -> seen[0]++);
            }
        }
    }

    @Test
    void whatIsNoCaptureIsRefused() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "not a capture, but some text");
        PortException wrong = assertThrows(PortException.class, () -> Capture.file(text));
        assertTrue(wrong.getMessage().startsWith(text + ": libpcap: "), wrong.getMessage());

        Path missing = directory.resolve("missing");
        PortException none = assertThrows(PortException.class, () -> Capture.file(missing));
        assertEquals(missing + ": no such file", none.getMessage());
        assertFalse(Files.exists(missing));
    }

    private static void send() throws PortException {
        PortOptions options = PortOptions.forInitiator("one", 16, 16);
        try (EthernetPort port = new RingPorts().open(options, new Counters())) {
            for (int tag = 0; tag < FRAMES; tag++) {
                int slot = port.claim();
                int at = port.slotOffset(slot);
                AoeFrame.putEthernet(port.slots(), at, Mac.BROADCAST, port.mac());
                AoeFrame.putAoe(port.slots(), at, 0, 1, 1, Aoe.COMMAND_CONFIG, tag);
                port.commit(slot, AoeFrame.pad(port.slots(), at, AoeFrame.HEADER_BYTES));
            }
            port.flush();
        }
    }
}
