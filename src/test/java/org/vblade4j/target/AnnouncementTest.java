// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.Mac;

class AnnouncementTest {
    private static final long A = GoldenFrames.CLIENT;

    private static List<Long> destinations(List<byte[]> sent) {
        List<Long> destinations = new ArrayList<>();
        for (byte[] bytes : sent) {
            ByteBuffer frame = ByteBuffer.wrap(bytes);
            assertEquals(60, bytes.length);
            assertEquals(Aoe.COMMAND_CONFIG, AoeFrame.command(frame, 0));
            assertEquals(Aoe.FLAG_RESPONSE, AoeFrame.flags(frame, 0));
            assertEquals(0, AoeFrame.tag(frame, 0));
            assertEquals(GoldenFrames.TARGET, AoeFrame.source(frame, 0));
            assertEquals(ConfigFrame.READ, ConfigFrame.operation(frame, 0));
            assertEquals(2, ConfigFrame.sectorCount(frame, 0));
            destinations.add(AoeFrame.destination(frame, 0));
        }
        return destinations;
    }

    @Test
    void anOpenTargetIsAnnouncedToEverybodyOnce() {
        TargetRig rig = new TargetRig();
        rig.target.announce();
        assertEquals(List.of(Mac.BROADCAST), destinations(rig.sent()));
        assertEquals(List.of(), rig.sent());
    }

    @Test
    void aMaskedTargetIsAnnouncedToItsStationsOnly() {
        TargetRig rig = new TargetRig(MemoryStore.heap(8), A, A + 1);
        rig.target.announce();
        assertEquals(List.of(A, A + 1), destinations(rig.sent()));
    }

    @Test
    void moreStationsThanSlotsAreToldInTurns() {
        long[] macs = LongStream.range(0, 100).map(i -> A + i).toArray();
        TargetRig rig = new TargetRig(MemoryStore.heap(8), macs);
        rig.target.announce();
        List<Long> told = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            told.addAll(destinations(rig.sent()));
        }
        assertEquals(LongStream.of(macs).boxed().toList(), told);
    }

    @Test
    void nothingIsAnnouncedBeforeTheFirstTime() {
        TargetRig rig = new TargetRig();
        rig.port.mtuBytes = 1499;
        assertEquals(List.of(), rig.sent());
    }

    @Test
    void changesOfMtuAddressAndSizeAreAnnounced() {
        MemoryStore store = MemoryStore.heap(8);
        TargetRig rig = new TargetRig(store);
        rig.target.announce();
        assertEquals(1, rig.sent().size());
        rig.port.mtuBytes = 1400;
        assertEquals(1, rig.sent().size());
        store.resize(16);
        assertEquals(1, rig.sent().size());
        rig.port.mac = GoldenFrames.TARGET + 1;
        List<byte[]> sent = rig.sent();
        assertEquals(1, sent.size());
        assertEquals(rig.port.mac, AoeFrame.source(ByteBuffer.wrap(sent.get(0)), 0));
        assertTrue(rig.sent().isEmpty());
    }
}
