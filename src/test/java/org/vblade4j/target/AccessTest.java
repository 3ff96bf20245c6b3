// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.ReserveFrame;

class AccessTest {
    private static final long READER = 0x0200_0000_0b01L;
    private static final long WRITER = 0x0200_0000_0b02L;
    private static final long ADMIN = 0x0200_0000_0b03L;
    private static final long HIDDEN = 0x0200_0000_0b04L;
    private static final long NOBODY = 0x0200_0000_0b05L;
    private static final int USER = AccessList.DISCOVER | AccessList.READ;

    private static final Map<Long, Integer> STATIONS =
            Map.of(
                    READER,
                    USER,
                    WRITER,
                    USER | AccessList.WRITE,
                    ADMIN,
                    AccessList.DISCOVER | AccessList.CONFIG,
                    HIDDEN,
                    AccessList.READ,
                    NOBODY,
                    AccessList.NONE);

    private static TargetRig rig(AccessList access, Long... macs) {
        TargetSettings settings =
                new TargetSettings(
                        new AoeAddress(1, 1),
                        16,
                        List.of(macs),
                        TargetRig.IDENTITY,
                        false,
                        access,
                        StationLimits.NONE,
                        LossPolicy.DEFAULT);
        return new TargetRig(
                MemoryStore.heap(TargetRig.SECTORS),
                new FakePort(GoldenFrames.TARGET, 1500, 32),
                settings,
                new Stations());
    }

    private final TargetRig rig = rig(new AccessList(AccessList.NONE, STATIONS));

    private static Request read() {
        return Request.ata(AtaFrame.READ_EXT, 1, 0);
    }

    @Test
    void aStationWithoutAnyRightHearsNothing() {
        for (long mac : new long[] {NOBODY, GoldenFrames.CLIENT}) {
            for (Request request :
                    List.of(
                            Request.config(ConfigFrame.READ, ""),
                            Request.config(ConfigFrame.READ, "").everywhere(),
                            Request.config(ConfigFrame.FORCE_SET, "x"),
                            read(),
                            Request.write(0, new byte[512]),
                            Request.ata(AtaFrame.IDENTIFY, 1, 0),
                            Request.maskRead(),
                            Request.maskEdit(0),
                            Request.reserve(ReserveFrame.READ),
                            Request.reserve(ReserveFrame.FORCE_SET, mac),
                            read().with(14, 0x20))) {
                rig.expectSilence(request.from(mac), Counter.ACCESS_DROPS);
            }
        }
        assertEquals("", rig(AccessList.OPEN).configString());
    }

    @Test
    void aReaderReadsAndIsToldAtOnceThatItMayNotWrite() {
        rig.expectAta(read().from(READER), 0x40, 0);
        rig.expectAta(Request.ata(AtaFrame.IDENTIFY, 1, 0).from(READER), 0x40, 0);
        rig.expectAta(Request.ata(AtaFrame.FLUSH, 0, 0).from(READER), 0x40, 0);
        for (int opcode : new int[] {AtaFrame.WRITE, AtaFrame.WRITE_EXT}) {
            Request write = Request.ata(opcode, 1, 0).append(new byte[512]).from(READER);
            rig.expectAta(write, 0x41, AtaFrame.ERROR_ABRT);
        }
        assertEquals(0, rig.counters.value(Counter.WRITES));
        assertEquals(2, rig.counters.value(Counter.ACCESS_REFUSALS));
        rig.ask(Request.config(ConfigFrame.READ, "").from(READER));
        rig.expectError(
                Request.config(ConfigFrame.FORCE_SET, "x").from(READER), AoeError.BAD_ARGUMENT);
        rig.expectError(Request.maskEdit(0).from(READER), AoeError.BAD_ARGUMENT);
        rig.expectError(
                Request.reserve(ReserveFrame.FORCE_SET, READER).from(READER),
                AoeError.BAD_ARGUMENT);
        assertEquals(5, rig.counters.value(Counter.ACCESS_REFUSALS));
    }

    @Test
    void aWriterWrites() {
        rig.expectAta(Request.write(0, new byte[512]).from(WRITER), 0x40, 0);
        assertEquals(1, rig.counters.value(Counter.WRITES));
    }

    @Test
    void anAdministratorChangesTheConfigStringButNotTheData() {
        rig.ask(Request.config(ConfigFrame.FORCE_SET, "mine").from(ADMIN));
        ByteBuffer answer = rig.ask(Request.config(ConfigFrame.READ, "").from(READER));
        assertEquals(4, ConfigFrame.stringBytes(answer, 0));
        rig.ask(Request.reserve(ReserveFrame.SET, WRITER).from(ADMIN));
        for (Request request : List.of(read(), Request.write(0, new byte[512]))) {
            rig.expectError(request.from(ADMIN), AoeError.TARGET_RESERVED);
        }
        rig.ask(Request.reserve(ReserveFrame.FORCE_SET).from(ADMIN));
        for (Request request :
                List.of(read(), Request.write(0, new byte[512]), Request.ata(0xec, 1, 0))) {
            rig.expectAta(request.from(ADMIN), 0x41, AtaFrame.ERROR_ABRT);
        }
    }

    @Test
    void aStationThatMayNotDiscoverIsServedButNotTold() {
        rig.expectAta(read().from(HIDDEN), 0x40, 0);
        rig.expectSilence(Request.config(ConfigFrame.READ, "").from(HIDDEN), Counter.ACCESS_DROPS);
        rig.expectSilence(Request.config(ConfigFrame.SET, "x").from(HIDDEN), Counter.ACCESS_DROPS);
        rig.expectSilence(Request.maskRead().from(HIDDEN), Counter.ACCESS_DROPS);
    }

    /** The wire's own list can exclude, and never lets anybody in. */
    @Test
    void theMaskListNarrowsTheRightsAndAddsNone() {
        TargetRig masked = rig(new AccessList(AccessList.NONE, STATIONS), READER, NOBODY);
        masked.expectAta(read().from(READER), 0x40, 0);
        masked.expectSilence(read().from(WRITER), Counter.MASKED_DROPS);
        masked.expectSilence(read().from(NOBODY), Counter.ACCESS_DROPS);
    }

    @Test
    void hundredsOfStationsAreToldApart() {
        Map<Long, Integer> many = new HashMap<>();
        for (int i = 0; i < 900; i++) {
            many.put(READER + 256L * i, i % 16);
        }
        AccessList list = new AccessList(AccessList.DISCOVER, many);
        many.forEach((mac, rights) -> assertEquals(rights, list.rightsOf(mac)));
        assertEquals(AccessList.DISCOVER, list.rightsOf(WRITER));

        Long[] macs = LongStream.range(0, 600).mapToObj(i -> READER + i).toArray(Long[]::new);
        TargetRig rig = rig(AccessList.OPEN, macs);
        for (long mac : macs) {
            rig.expectAta(read().from(mac), 0x40, 0);
        }
        rig.expectSilence(read().from(READER - 1), Counter.MASKED_DROPS);
        rig.expectError(Request.maskRead().from(READER), AoeError.DEVICE_UNAVAILABLE);
    }

    @Test
    void announcementsGoToThoseWhoMayDiscover() {
        rig.target.announce();
        List<Long> told = rig.sent().stream().map(f -> Mac.get(ByteBuffer.wrap(f), 0)).toList();
        assertEquals(3, told.size());
        assertTrue(told.containsAll(List.of(READER, WRITER, ADMIN)));

        TargetRig open = rig(new AccessList(AccessList.DISCOVER, STATIONS));
        open.target.announce();
        assertEquals(Mac.BROADCAST, Mac.get(ByteBuffer.wrap(open.sent().get(0)), 0));

        TargetRig masked = rig(new AccessList(AccessList.NONE, STATIONS), READER, NOBODY);
        masked.target.announce();
        List<byte[]> sent = masked.sent();
        assertEquals(1, sent.size());
        assertEquals(READER, Mac.get(ByteBuffer.wrap(sent.get(0)), 0));
    }
}
