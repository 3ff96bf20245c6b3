// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.Mac;

class WatchedTrafficTest {
    private static final long HOST = 0x0200_0000_000aL;
    private static final long TARGET = 0x0200_0000_0014L;
    private static final long NOON_US = 12L * 3600 * 1_000_000;

    private final WatchedTraffic traffic = new WatchedTraffic(ZoneOffset.UTC);

    @Test
    void anAnswerTellsHowLongItTook() {
        String request = traffic.line(request(1, 1, 7), 60, NOON_US);
        String response = traffic.line(response(7), 60, NOON_US + 250);

        assertTrue(request.startsWith("12:00:00.000000 02:00:00:00:00:0a > 02:"), request);
        assertTrue(response.startsWith("12:00:00.000250 "), response);
        assertTrue(response.endsWith(" after 250 us"), response);
        assertFalse(traffic.line(response(7), 60, NOON_US + 300).contains("after"), "twice");
    }

    @Test
    void anAnswerToEverybodysQuestionIsMatchedToo() {
        traffic.line(request(0xffff, 0xff, 7), 60, NOON_US);

        assertTrue(traffic.line(response(7), 60, NOON_US + 9).endsWith(" after 9 us"));
        assertTrue(traffic.line(response(7), 60, NOON_US + 12).endsWith(" after 12 us"));
    }

    @Test
    void aRequestSentAgainIsMarkedAndCounted() {
        traffic.line(request(1, 1, 7), 60, NOON_US);

        assertTrue(traffic.line(request(1, 1, 7), 60, NOON_US + 10).endsWith(" again"));
        assertEquals(
                "2 requests, 1 of them again; 0 responses, 0 of them errors", traffic.summary());
    }

    @Test
    void membersNameTheFields() {
        ByteBuffer error = response(9);
        AoeFrame.putError(error, 0, AoeError.TARGET_RESERVED);
        Map<String, Object> members = traffic.members(error, 60, NOON_US);

        assertEquals("02:00:00:00:00:14", members.get("source"));
        assertEquals(true, members.get("response"));
        assertEquals(AoeError.TARGET_RESERVED.code(), members.get("error"));
        assertEquals(5L, members.get("lba"));
        assertEquals(NOON_US, members.get("time_us"));
    }

    @Test
    void aFrameCutShortSaysSo() {
        ByteBuffer runt = ByteBuffer.allocate(20);

        assertTrue(traffic.line(runt, 60, NOON_US).contains(" of 60"));
        assertEquals(20, runt.limit());
    }

    private static ByteBuffer request(int shelf, int slot, int tag) {
        return frame(HOST, TARGET, 0, shelf, slot, tag);
    }

    private static ByteBuffer response(int tag) {
        return frame(TARGET, HOST, Aoe.FLAG_RESPONSE, 1, 1, tag);
    }

    private static ByteBuffer frame(long from, long to, int flags, int shelf, int slot, int tag) {
        ByteBuffer frame = ByteBuffer.allocate(60);
        Mac.put(frame, 0, to);
        AoeFrame.putEthernet(frame, 0, to, from);
        AoeFrame.putAoe(frame, 0, flags, shelf, slot, Aoe.COMMAND_ATA, tag);
        AtaFrame.putRequest(frame, 0, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 2, 5);
        return frame;
    }
}
