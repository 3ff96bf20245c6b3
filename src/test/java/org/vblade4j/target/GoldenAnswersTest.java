// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.ata.Firmware;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;

/** The frames recorded from vblade 25, asked of our target in the same order. */
class GoldenAnswersTest {
    private final MemoryStore store = MemoryStore.heap(TargetRig.SECTORS);
    private final TargetRig rig = new TargetRig(store);

    @Test
    void answersAreThoseRecordedFromVbladeButForFirmwareAndPadding() {
        for (GoldenFrames.Exchange exchange : GoldenFrames.ALL) {
            rig.receive(GoldenFrames.bytes(exchange.request(), exchange.requestDataBytes()));
            List<byte[]> sent = rig.sent();
            assertEquals(1, sent.size(), exchange.description());
            byte[] answer = sent.get(0);
            byte[] head = expectedHead(exchange);
            int wholeLength = Math.max(60, head.length + exchange.responseDataBytes());
            assertEquals(wholeLength, answer.length, exchange.description());
            assertEquals(
                    HexFormat.of().formatHex(head),
                    HexFormat.of().formatHex(answer, 0, head.length),
                    exchange.description());
            if (exchange.responseDataBytes() == 0) {
                assertArrayEquals(
                        new byte[answer.length - head.length],
                        Arrays.copyOfRange(answer, head.length, answer.length),
                        exchange.description() + ": padding");
            }
        }
    }

    private static byte[] expectedHead(GoldenFrames.Exchange exchange) {
        byte[] bytes = GoldenFrames.bytes(exchange.response(), 0);
        ByteBuffer head = ByteBuffer.wrap(bytes);
        if (AoeFrame.command(head, 0) == Aoe.COMMAND_CONFIG) {
            head.putShort(ConfigFrame.FIRMWARE_OFFSET, (short) Firmware.NUMBER);
        }
        return bytes;
    }

    @Test
    void readAnswersWithTheSectorsOfTheStore() {
        byte[] data = Patterns.random(1, 1024);
        new StoreDriver(store).write(1, data);
        ByteBuffer answer = rig.ask(Request.ata(0x24, 2, 1));
        assertArrayEquals(data, TargetRig.data(answer));
    }

    @Test
    void writeStoresTheSectorsOfTheFrame() {
        byte[] data = Patterns.random(2, 1024);
        rig.ask(Request.write(8190, data));
        assertArrayEquals(data, new StoreDriver(store).read(8190, 2));
    }
}
