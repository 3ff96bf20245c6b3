// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortOptions;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

final class MemoryLanTest {
    private static final int FRAMES = 1000;
    private static final PortOptions INITIATOR = PortOptions.forInitiator("lan", FRAMES, 8);

    private static PortOptions target(int slot) {
        return PortOptions.forTarget("lan", new AoeAddress(1, slot), 16, 8);
    }

    private static void send(MemoryPort port, long destination, int flags, int tag) {
        int slot = port.claim();
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        Mac.put(buffer, at, destination);
        Mac.put(buffer, at + 6, port.mac());
        buffer.putShort(at + 12, (short) Aoe.ETHERTYPE);
        buffer.put(at + 14, (byte) flags);
        buffer.putShort(at + 16, (short) 0xffff);
        buffer.put(at + 18, (byte) 0xff);
        buffer.putInt(at + 20, tag);
        port.commit(slot, 60);
        port.flush();
    }

    private static List<Integer> received(MemoryPort port) {
        List<Integer> tags = new ArrayList<>();
        port.receive((buffer, at, bytes) -> tags.add(buffer.getInt(at + 20)), FRAMES);
        return tags;
    }

    /** Sends {@link #FRAMES} numbered frames over a bad network; what arrives. */
    private static List<Integer> arrivals(LanFaults faults) {
        MemoryLan lan = new MemoryLan(faults);
        MemoryPort sender = lan.connect(target(1), 1, 1500, new Counters());
        MemoryPort receiver = lan.connect(INITIATOR, 2, 1500, new Counters());
        List<Integer> tags = new ArrayList<>();
        for (int tag = 0; tag < FRAMES; tag++) {
            send(sender, 2, 0x18, tag);
            tags.addAll(received(receiver));
        }
        return tags;
    }

    private static List<Integer> all() {
        List<Integer> tags = new ArrayList<>();
        for (int tag = 0; tag < FRAMES; tag++) {
            tags.add(tag);
        }
        return tags;
    }

    @Test
    void broadcastReachesAllButItsOwnStation() {
        MemoryLan lan = new MemoryLan();
        MemoryPort one = lan.connect(target(1), 2, 1500, new Counters());
        MemoryPort two = lan.connect(target(2), 2, 1500, new Counters());
        MemoryPort far = lan.connect(target(3), 4, 1500, new Counters());
        send(one, Mac.BROADCAST, 0x10, 9);
        assertEquals(List.of(), received(one));
        assertEquals(List.of(), received(two));
        assertEquals(List.of(9), received(far));
    }

    @Test
    void frameArrivesWhileTheHandlerHasMovedTheLimit() {
        MemoryLan lan = new MemoryLan();
        MemoryPort sender = lan.connect(target(1), 1, 1500, new Counters());
        MemoryPort receiver = lan.connect(INITIATOR, 2, 1500, new Counters());
        send(sender, 2, 0x18, 1);
        receiver.receive(
                (buffer, at, bytes) -> {
                    int limit = buffer.limit();
                    buffer.limit(at + bytes);
                    send(sender, 2, 0x18, 2);
                    buffer.limit(limit);
                },
                1);
        assertEquals(List.of(2), received(receiver));
    }

    @Test
    void unicastReachesEverySocketOfItsStationAndNoOther() {
        MemoryLan lan = new MemoryLan();
        MemoryPort one = lan.connect(target(1), 2, 1500, new Counters());
        MemoryPort two = lan.connect(target(2), 2, 1500, new Counters());
        MemoryPort other = lan.connect(target(3), 4, 1500, new Counters());
        MemoryPort initiator = lan.connect(INITIATOR, 6, 1500, new Counters());
        send(initiator, 2, 0x10, 9);
        send(initiator, 8, 0x10, 10);
        assertEquals(List.of(9), received(one));
        assertEquals(List.of(9), received(two));
        assertEquals(List.of(), received(other));
    }

    @Test
    void closedPortHearsNothingMore() {
        MemoryLan lan = new MemoryLan();
        MemoryPort port = lan.connect(target(1), 2, 1500, new Counters());
        MemoryPort initiator = lan.connect(INITIATOR, 6, 1500, new Counters());
        port.close();
        send(initiator, 2, 0x10, 9);
        assertEquals(0, port.inbox().waiting());
    }

    @Test
    void frameTooLongForItsReceiverIsCountedThere() {
        MemoryLan lan = new MemoryLan();
        Counters counters = new Counters();
        MemoryPort small = lan.connect(INITIATOR, 2, 1500, counters);
        MemoryPort jumbo = lan.connect(target(1), 4, 9000, new Counters());
        int slot = jumbo.claim();
        Mac.put(jumbo.slots(), jumbo.slotOffset(slot), 2);
        jumbo.commit(slot, 9014);
        jumbo.flush();
        assertEquals(List.of(), received(small));
        assertEquals(1, counters.value(Counter.TRUNCATED_DROPS));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 42, -7})
    void sameSeedGivesTheSameFaults(long seed) {
        LanFaults faults = new LanFaults(0.1, 0.1, 0.1, 0.01, seed);
        assertEquals(arrivals(faults), arrivals(faults));
        LanFaults other = new LanFaults(0.1, 0.1, 0.1, 0.01, seed + 1);
        assertNotEquals(arrivals(faults), arrivals(other));
    }

    @Test
    void goodNetworkDeliversAllInOrder() {
        assertEquals(all(), arrivals(LanFaults.NONE));
    }

    @Test
    void lossLosesAboutItsRateAndKeepsOrder() {
        List<Integer> tags = arrivals(new LanFaults(0.2, 0, 0, 0, 5));
        assertTrue(tags.size() > 700 && tags.size() < 900, "arrived " + tags.size());
        assertEquals(tags.stream().sorted().distinct().toList(), tags);
    }

    @Test
    void duplicationRepeatsAboutItsRateAndLosesNothing() {
        List<Integer> tags = arrivals(new LanFaults(0, 0.2, 0, 0, 5));
        assertTrue(tags.size() > 1100 && tags.size() < 1300, "arrived " + tags.size());
        assertEquals(all(), tags.stream().distinct().toList());
    }

    @Test
    void reorderingDelaysByAFewFramesAndLosesAtMostTheLastHeld() {
        List<Integer> tags = arrivals(new LanFaults(0, 0, 0.2, 0, 5));
        assertTrue(tags.size() >= FRAMES - 1, "arrived " + tags.size());
        assertNotEquals(tags.stream().sorted().toList(), tags);
        for (int i = 0; i < tags.size(); i++) {
            assertTrue(Math.abs(tags.get(i) - i) <= 5, tags.get(i) + " arrived as number " + i);
        }
    }

    @Test
    void corruptionFlipsOneBit() {
        List<Integer> tags = arrivals(new LanFaults(0, 0, 0, 1, 5));
        long changed = tags.stream().filter(tag -> tag < 0 || tag >= FRAMES).count();
        assertTrue(changed > 0, "no tag changed");
        assertTrue(tags.size() > FRAMES * 9 / 10, "arrived " + tags.size());
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void ratesOutOfRangeAreRefused(double rate) {
        assertThrows(IllegalArgumentException.class, () -> new LanFaults(0, rate, 0, 0, 1));
    }
}
