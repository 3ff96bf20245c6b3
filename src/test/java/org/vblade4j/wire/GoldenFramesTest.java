// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class GoldenFramesTest {
    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<GoldenFrames.Exchange> EXCHANGES = GoldenFrames.ALL;

    @ParameterizedTest
    @FieldSource("EXCHANGES")
    void headersDecodeToTheirFields(GoldenFrames.Exchange exchange) {
        ByteBuffer request = GoldenFrames.frame(exchange.request(), 0);
        ByteBuffer response = GoldenFrames.frame(exchange.response(), 0);
        assertEquals(GoldenFrames.CLIENT, AoeFrame.source(request, 0));
        assertEquals(GoldenFrames.CLIENT, AoeFrame.destination(response, 0));
        assertEquals(GoldenFrames.TARGET, AoeFrame.source(response, 0));
        assertEquals(Aoe.ETHERTYPE, AoeFrame.etherType(request, 0));
        assertFalse(AoeFrame.isResponse(request, 0));
        assertTrue(AoeFrame.isResponse(response, 0));
        assertEquals(1, AoeFrame.major(response, 0));
        assertEquals(1, AoeFrame.minor(response, 0));
        assertEquals(AoeFrame.command(request, 0), AoeFrame.command(response, 0));
        assertEquals(0x8000_0001, AoeFrame.tag(response, 0));
    }

    @ParameterizedTest
    @FieldSource("EXCHANGES")
    void headersEncodeToTheirBytes(GoldenFrames.Exchange exchange) {
        for (String hex : List.of(exchange.request(), exchange.response())) {
            ByteBuffer golden = GoldenFrames.frame(hex, 0);
            ByteBuffer made = ByteBuffer.allocate(AoeFrame.HEADER_BYTES);
            AoeFrame.putEthernet(
                    made, 0, AoeFrame.destination(golden, 0), AoeFrame.source(golden, 0));
            AoeFrame.putAoe(
                    made,
                    0,
                    AoeFrame.flags(golden, 0),
                    AoeFrame.major(golden, 0),
                    AoeFrame.minor(golden, 0),
                    AoeFrame.command(golden, 0),
                    AoeFrame.tag(golden, 0));
            if (AoeFrame.isError(golden, 0)) {
                AoeFrame.putError(made, 0, AoeError.of(AoeFrame.error(golden, 0)).orElseThrow());
            }
            assertEquals(hex.substring(0, 48), HexFormat.of().formatHex(made.array()));
        }
    }

    @Test
    void ataRequestEncodesToItsBytes() {
        ByteBuffer made = golden("read ext lba 1 x2");
        AtaFrame.putRequest(made, 0, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 2, 1);
        assertEquals(golden("read ext lba 1 x2"), made);
    }

    @Test
    void ataAddressIsLittleEndianOnTheWire() {
        ByteBuffer frame = ByteBuffer.allocate(36);
        AtaFrame.putRequest(frame, 0, 0, AtaFrame.READ_EXT, 1, 0x0605_0403_0201L);
        assertEquals("010203040506", HexFormat.of().formatHex(frame.array(), 28, 34));
        assertEquals(0x0605_0403_0201L, AtaFrame.lba48(frame, 0));
    }

    @Test
    void configResponseDecodesToItsFields() {
        ByteBuffer frame = GoldenFrames.frame(GoldenFrames.ALL.get(1).response(), 0);
        assertEquals(16, ConfigFrame.bufferCount(frame, 0));
        assertEquals(0x4019, ConfigFrame.firmware(frame, 0));
        assertEquals(2, ConfigFrame.sectorCount(frame, 0));
        assertEquals(1, ConfigFrame.version(frame, 0));
        assertEquals(ConfigFrame.SET, ConfigFrame.operation(frame, 0));
        assertEquals(3, ConfigFrame.stringBytes(frame, 0));
        assertEquals('a', frame.get(ConfigFrame.STRING_OFFSET));
    }

    @Test
    void reserveRequestEncodesToItsBytes() {
        ByteBuffer made = golden("reserve set self");
        ReserveFrame.put(made, 0, ReserveFrame.SET, 1);
        ReserveFrame.putMac(made, 0, 0, GoldenFrames.CLIENT);
        assertEquals(golden("reserve set self"), made);
        assertEquals(made.capacity(), ReserveFrame.frameBytes(1));
    }

    @ParameterizedTest
    @FieldSource("MTU_TABLE")
    void sectorsPerFrameFollowTheMtu(int[] row) {
        assertEquals(row[1], Aoe.sectorsPerFrame(row[0]));
    }

    @SuppressWarnings("unused") // named by @FieldSource
    private static final List<int[]> MTU_TABLE =
            List.of(
                    new int[] {0, 0},
                    new int[] {547, 0},
                    new int[] {548, 1},
                    new int[] {1500, 2},
                    new int[] {4132, 8},
                    new int[] {8228, 16},
                    new int[] {9000, 17},
                    new int[] {9252, 18},
                    new int[] {65535, 127},
                    new int[] {1_000_000, 255});

    private static ByteBuffer golden(String description) {
        return GoldenFrames.ALL.stream()
                .filter(exchange -> exchange.description().equals(description))
                .map(exchange -> GoldenFrames.frame(exchange.request(), 0))
                .findFirst()
                .orElseThrow();
    }
}
