// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Frames recorded between a raw-socket prober and vblade 25: e1.1, 8192 sectors, MTU 1500, target
 * 02:00:00:00:00:14, client 02:00:00:00:00:0a. In the order they were sent, since the config string
 * and the reservation carry over. ATA data is left out.
 */
public final class GoldenFrames {
    public static final long TARGET = 0x0200_0000_0014L;
    public static final long CLIENT = 0x0200_0000_000aL;

    /** A question and its answer, headers and arguments in hex, and how much data followed. */
    public record Exchange(
            String description,
            String request,
            int requestDataBytes,
            String response,
            int responseDataBytes) {
        @Override
        public String toString() {
            return description;
        }
    }

    private static final String BROADCAST = "ffffffffffff02000000000a88a210";
    private static final String TO_TARGET = "02000000001402000000000a88a210";
    private static final String REPLY = "02000000000a02000000001488a218";
    private static final String ERROR_REPLY = "02000000000a02000000001488a21c";

    public static final List<Exchange> ALL =
            List.of(
                    exchange(
                            "config read, wildcard",
                            BROADCAST + "00ffffff01800000010000000000100000",
                            REPLY + "0000010101800000010010401902100000"),
                    exchange(
                            "config set abc",
                            BROADCAST + "0000010101800000010000000000130003616263",
                            REPLY + "0000010101800000010010401902130003616263"),
                    exchange(
                            "config set xyz, conflict",
                            BROADCAST + "000001010180000001000000000013000378797a",
                            ERROR_REPLY + "0400010101800000010010401902130003616263"),
                    new Exchange(
                            "identify",
                            TO_TARGET + "0000010100800000010000" + "01ec000000a000000000",
                            0,
                            REPLY + "0000010100800000010000" + "0040000000a000000000",
                            512),
                    new Exchange(
                            "read ext lba 1 x2",
                            TO_TARGET + "0000010100800000014000" + "02240100000000000000",
                            0,
                            REPLY + "0000010100800000014000" + "00400100000000000000",
                            1024),
                    new Exchange(
                            "write ext lba 1 x1",
                            TO_TARGET + "0000010100800000014100" + "01340100000000000000",
                            512,
                            REPLY + "0000010100800000014100" + "00400100000000000000",
                            0),
                    exchange(
                            "read past end",
                            TO_TARGET + "0000010100800000014000" + "01240020000000000000",
                            REPLY + "0000010100800000014010" + "01410020000000000000"),
                    exchange(
                            "mask read, empty",
                            BROADCAST + "0000010102800000010000" + "0000",
                            REPLY + "0000010102800000010000" + "0000"),
                    exchange(
                            "reserve set self",
                            BROADCAST + "00000101038000000101" + "0102000000000a",
                            REPLY + "00000101038000000101" + "0102000000000a"),
                    exchange(
                            "reserve read",
                            BROADCAST + "00000101038000000100" + "00",
                            REPLY + "00000101038000000100" + "0102000000000a"),
                    exchange(
                            "unknown command 7",
                            BROADCAST + "000001010780000001",
                            ERROR_REPLY + "010001010780000001"));

    private GoldenFrames() {}

    /** The bytes as a frame of a big-endian buffer, at offset 0. */
    public static ByteBuffer frame(String hex, int dataBytes) {
        return ByteBuffer.wrap(bytes(hex, dataBytes));
    }

    /** The bytes and zeros behind them. */
    public static byte[] bytes(String hex, int dataBytes) {
        byte[] head = HexFormat.of().parseHex(hex);
        return Arrays.copyOf(head, head.length + dataBytes);
    }

    private static Exchange exchange(String description, String request, String response) {
        return new Exchange(description, request, 0, response, 0);
    }
}
