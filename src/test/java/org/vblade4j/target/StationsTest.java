// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;

/** Who has been seen, how much each may ask, and who is dropped when there is too much. */
class StationsTest {
    private static final long MS = 1_000_000L;
    private static final long SECOND = 1000 * MS;
    private static final long NAMED = 0x0200_0000_0c01L;
    private static final long WORKER = 0x0200_0000_0c02L;
    private static final long FLOODER = 0x0200_0000_0c03L;
    private static final long FORGED = 0x0600_0000_0000L;
    private static final int PLACES = 1024;
    private static final int BUFFERS = 16;

    private long nowNs = Long.MAX_VALUE - SECOND; // the clock's sign changes under way
    private final Stations stations = new Stations(new long[] {NAMED}, () -> nowNs);
    private final FakePort port = new FakePort(GoldenFrames.TARGET, 1500, 32);

    private TargetRig rig(StationLimits limits) {
        TargetSettings settings =
                new TargetSettings(
                        new AoeAddress(1, 1),
                        BUFFERS,
                        List.of(),
                        TargetRig.IDENTITY,
                        false,
                        AccessList.OPEN,
                        limits,
                        LossPolicy.DEFAULT);
        return new TargetRig(MemoryStore.heap(TargetRig.SECTORS), port, settings, stations);
    }

    private static byte[] read(long mac, int tag) {
        return Request.ata(AtaFrame.READ_EXT, 2, 0).from(mac).tag(tag).bytes();
    }

    private StationActivity activity(long mac) {
        return stations.activities().stream().filter(a -> a.mac() == mac).findFirst().orElseThrow();
    }

    private int sent(TargetRig rig) {
        return rig.sent().size();
    }

    @Test
    void whatAStationDidIsRemembered() {
        TargetRig rig = rig(StationLimits.NONE);
        rig.ask(Request.config(ConfigFrame.READ, "").from(WORKER));
        nowNs += 3 * SECOND;
        rig.ask(Request.write(0, new byte[1024]).from(WORKER));
        rig.ask(Request.ata(AtaFrame.READ, 1, 0).from(WORKER));
        rig.ask(Request.config(ConfigFrame.SET, "a").from(WORKER));
        nowNs += 2 * SECOND;
        assertEquals(
                new StationActivity(WORKER, 5 * SECOND, 2 * SECOND, 1, 1, 1, 1, 2, 1, 0, 0),
                activity(WORKER));
        assertEquals(1, stations.activities().size());
    }

    @Test
    void aMillionForgedAddressesKeepNobodyOutWhoIsNamedOrWorks() {
        TargetRig rig = rig(new StationLimits(0, 0, 10, 0, 0));
        rig.ask(Request.config(ConfigFrame.READ, "").from(WORKER));
        nowNs += 3 * SECOND;
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0).from(WORKER), 0x40, 0);
        rig.ask(Request.config(ConfigFrame.READ, "").from(WORKER));
        long answered = 0;
        byte[] query = Request.config(ConfigFrame.READ, "").bytes();
        for (int i = 0; i < 1_000_000; i++) {
            org.vblade4j.wire.Mac.put(java.nio.ByteBuffer.wrap(query), 6, FORGED + i);
            rig.receive(query);
            nowNs += 20_000; // 50000 a second
            if (i % 32 == 0) {
                answered += sent(rig);
            }
        }
        long seconds = 20;
        long bound = PLACES * (seconds + 1) + 10 * (seconds + 2);
        assertTrue(answered < bound, () -> "amplified");
        assertTrue(stations.activities().size() <= PLACES + 2);
        rig.ask(Request.config(ConfigFrame.READ, "").from(NAMED));
        rig.ask(Request.config(ConfigFrame.READ, "").from(WORKER));
        assertEquals(3, activity(WORKER).discovers());
        assertNotEquals(0, activity(0).dropped(), "those without a place share one");
    }

    @Test
    void aPlaceIsGivenToTheNextWhenItsStationIsSilent() {
        for (int i = 0; i < PLACES; i++) {
            assertNotEquals(Stations.STRANGERS, stations.heardFrom(FORGED + i, nowNs));
        }
        assertEquals(Stations.STRANGERS, stations.heardFrom(WORKER, nowNs));
        nowNs += SECOND;
        int place = stations.heardFrom(FLOODER, nowNs);
        assertNotEquals(Stations.STRANGERS, place);
        assertEquals(1, stations.generation(place) - 1, "it is another station's");
        assertEquals(0, activity(FLOODER).firstSeenNs());
    }

    @Test
    void queriesBeyondTheLimitAreDroppedForThatStationOnly() {
        TargetRig rig = rig(new StationLimits(0, 0, 50, 0, 0));
        int answered = 0;
        for (int ms = 0; ms < 5000; ms++) { // 1000 a second
            rig.receive(Request.config(ConfigFrame.READ, "").everywhere().from(FLOODER).bytes());
            answered += sent(rig);
            nowNs += MS;
        }
        assertEquals(300, answered, 3, "a second's worth at once, then 50 a second for five");
        assertEquals(5000 - answered, rig.counters.value(Counter.RATE_DROPS));
        assertEquals(5000 - answered, activity(FLOODER).dropped());
        rig.ask(Request.config(ConfigFrame.READ, "").from(WORKER));
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0).from(FLOODER), 0x40, 0);
    }

    @Test
    void protocolErrorsCountAsQueries() {
        TargetRig rig = rig(new StationLimits(0, 0, 50, 0, 0));
        int answered = 0;
        for (int i = 0; i < 300; i++) {
            rig.receive(Request.config(ConfigFrame.READ, "").with(14, 0x20).from(FLOODER).bytes());
            rig.receive(Request.mask(0, 0).with(19, 0x77).from(FLOODER).bytes());
            answered += sent(rig);
        }
        assertEquals(50, answered, 1);
    }

    @Test
    void readsAreLimitedByRequestsAndByBytes() {
        TargetRig byRequests = rig(new StationLimits(100, 0, 0, 0, 0));
        TargetRig byBytes = rig(new StationLimits(0, 102_400, 0, 0, 0));
        for (TargetRig rig : List.of(byRequests, byBytes)) {
            int answered = 0;
            for (int ms = 0; ms < 2000; ms++) {
                rig.receive(read(FLOODER, ms));
                answered += sent(rig);
                nowNs += MS;
            }
            assertEquals(300, answered, 3);
            rig.expectAta(Request.ata(AtaFrame.READ, 1, 0).from(WORKER), 0x40, 0);
        }
    }

    /** The ring is half full again and again; the worker keeps to the buffer count. */
    @Test
    void whoBreaksThePromiseOfTheBufferCountGetsLessAndLess() {
        TargetRig rig = rig(StationLimits.NONE);
        port.backlogFrames = 256;
        int tag = 0;
        long flooded = 0;
        long[] before = new long[12];
        for (int run = 0; run < 12; run++) {
            rig.target.poll();
            before[run] = rig.counters.value(Counter.FAIR_DROPS);
            for (int i = 0; i < 256; i++) {
                boolean workers = i % 16 == 0;
                rig.receive(read(workers ? WORKER : FLOODER, tag++));
                flooded += workers ? 0 : 1;
                if (i % 16 == 15) {
                    port.flush();
                }
            }
        }
        port.sent.clear();
        assertEquals(0, activity(WORKER).dropped(), "never the one who keeps the promise");
        assertEquals(12 * 16, activity(WORKER).reads());
        assertEquals(flooded - activity(FLOODER).dropped(), activity(FLOODER).reads());
        assertEquals(240 - 2 * BUFFERS, before[1] - before[0]);
        assertEquals(240 - BUFFERS, before[2] - before[1]);
        assertEquals(240 - 1, before[11] - before[10], "one frame a run");

        port.backlogFrames = 0;
        rig.target.poll();
        long dropped = rig.counters.value(Counter.FAIR_DROPS);
        rig.expectAta(Request.ata(AtaFrame.READ, 1, 0).from(FLOODER), 0x40, 0);
        assertEquals(dropped, rig.counters.value(Counter.FAIR_DROPS), "enough for all again");
    }

    @Test
    void aStationAloneMayTakeEverything() {
        TargetRig rig = rig(StationLimits.NONE);
        port.backlogFrames = 256;
        for (int i = 0; i < 1000; i++) {
            rig.receive(read(FLOODER, i));
            assertEquals(1, sent(rig));
        }
        assertEquals(0, rig.counters.value(Counter.FAIR_DROPS));
    }

    @Test
    void requestsInProgressLeaveSlotsForOthers() {
        HeldStore store = new HeldStore(64);
        TargetSettings settings =
                new TargetSettings(new AoeAddress(1, 1), BUFFERS, List.of(), TargetRig.IDENTITY);
        TargetRig rig = new TargetRig(store, port, settings, stations);
        rig.receive(read(WORKER, 1));
        for (int i = 0; i < 100; i++) {
            rig.receive(read(FLOODER, 100 + i));
        }
        int flooders = store.held() - 1;
        assertTrue(flooders >= BUFFERS && flooders <= 22, () -> flooders + " of 32");
        for (int i = 0; i < 5; i++) {
            rig.receive(read(WORKER, 2 + i));
        }
        assertEquals(flooders + 6, store.held(), "others find slots");
        store.completeAll();
        assertEquals(flooders + 6, sent(rig));
        rig.receive(read(FLOODER, 300));
        assertEquals(1, store.held());
        store.completeAll();
    }

    private int ask(TargetRig rig, Request request, int stations, int times) {
        int answered = 0;
        for (int i = 0; i < times; i++) {
            rig.receive(request.from(FORGED + i % stations).tag(i).bytes());
            answered += sent(rig);
        }
        return answered;
    }

    /** Each of them is at work, as the reads and the time tell. */
    private void putToWork(TargetRig rig, long... macs) {
        for (int second = 0; second < 3; second++) {
            for (long mac : macs) {
                rig.expectAta(Request.ata(AtaFrame.READ, 1, 0).from(mac), 0x40, 0);
            }
            nowNs += SECOND;
        }
    }

    @Test
    void answersToAllUnknownStationsTogetherAreLimitedByTheirBytes() {
        TargetRig rig = rig(new StationLimits(0, 0, 200, 60_000, 0));
        putToWork(rig, WORKER);
        Request query = Request.config(ConfigFrame.READ, "").everywhere();
        assertEquals(1000, ask(rig, query, 900, 5000), "60 bytes each");
        nowNs += SECOND / 2;
        assertEquals(500, ask(rig, query, 900, 5000));
        assertEquals(200, countsFrom(rig, query, WORKER, 300), 1, "its own limit");
        assertEquals(200, countsFrom(rig, query, NAMED, 300), 1);
    }

    private int countFrom(TargetRig rig, Request request, long mac) {
        return countsFrom(rig, request, mac, 1);
    }

    private int countsFrom(TargetRig rig, Request request, long mac, int times) {
        int answered = 0;
        for (int i = 0; i < times; i++) {
            rig.receive(request.from(mac).tag(i).bytes());
            answered += sent(rig);
        }
        return answered;
    }

    @Test
    void aLongConfigStringDrawsFewerAnswers() {
        TargetRig rig = rig(new StationLimits(0, 0, 0, 105_600, 0));
        rig.ask(Request.config(ConfigFrame.SET, "x".repeat(1024)).from(NAMED));
        assertEquals(100, ask(rig, Request.config(ConfigFrame.READ, ""), 900, 5000));
    }

    @Test
    void changesByAllUnknownStationsTogetherAreLimited() {
        TargetRig rig = rig(new StationLimits(0, 0, 0, 0, 10));
        putToWork(rig, WORKER);
        int made = 0;
        for (int i = 0; i < 3000; i++) {
            Request change = Request.config(ConfigFrame.FORCE_SET, "s" + i);
            rig.receive(change.from(FORGED + i % 900).bytes());
            made += sent(rig);
            nowNs += MS;
        }
        assertEquals(40, made, 2, "a second's worth at once, then ten a second for three");
        assertEquals(1, countFrom(rig, Request.config(ConfigFrame.FORCE_SET, "w"), WORKER));
        assertEquals(1, countFrom(rig, Request.config(ConfigFrame.FORCE_SET, "n"), NAMED));
        assertEquals("n", rig.configString());
    }

    @Test
    void flushesByAllUnknownStationsTogetherAreLimited() {
        TargetRig rig = rig(StationLimits.NONE);
        putToWork(rig, WORKER);
        Request flush = Request.ata(AtaFrame.FLUSH, 0, 0);
        assertEquals(Gate.UNKNOWN_FLUSHES_PER_SECOND, ask(rig, flush, 64, 1000));
        assertEquals(500, countsFrom(rig, flush, WORKER, 500), "who works may flush as it likes");
        assertEquals(500, countsFrom(rig, flush, NAMED, 500));
    }

    @Test
    void whoOnlyAsksKeepsNoPlaceForLong() {
        for (int second = 0; second < 4; second++) {
            for (int i = 0; i < PLACES; i++) {
                stations.heardFrom(FORGED + i, nowNs);
            }
            nowNs += SECOND;
        }
        assertNotEquals(Stations.STRANGERS, stations.heardFrom(WORKER, nowNs));
    }
}
