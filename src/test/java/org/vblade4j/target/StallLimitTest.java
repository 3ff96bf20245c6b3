// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;

/** No host is left without an answer for longer than the limit, whatever the store does. */
class StallLimitTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long LIMIT = 120 * SECOND;
    private static final int SLOTS = 32;

    private long nowNs = Long.MAX_VALUE - 30 * SECOND; // the clock's sign changes under way
    private final HeldStore store = new HeldStore(256);
    private TargetRig rig = rig(new LossPolicy(true, true, LIMIT));
    private int nextTag = 1;

    private TargetRig rig(LossPolicy policy) {
        TargetSettings settings =
                new TargetSettings(
                        new AoeAddress(1, 1),
                        16,
                        List.of(),
                        TargetRig.IDENTITY,
                        false,
                        AccessList.OPEN,
                        StationLimits.NONE,
                        policy);
        FakePort port = new FakePort(GoldenFrames.TARGET, 1500, SLOTS);
        return new TargetRig(store, port, settings, new Stations(new long[0], () -> nowNs));
    }

    private static Request read(long lba, int count) {
        return Request.ata(AtaFrame.READ_EXT, count, lba);
    }

    private static Request write(long lba, int seed) {
        return Request.write(lba, Patterns.random(seed, 512));
    }

    /** As Linux sends again: with another tag. */
    private List<byte[]> ask(Request request) {
        return askAs(nextTag++, request);
    }

    private List<byte[]> askAs(int tag, Request request) {
        rig.receive(request.tag(tag).bytes());
        return rig.sent();
    }

    private void expectSilence(Request request) {
        assertEquals(List.of(), ask(request));
    }

    /** An ATA error, and never AoE's: Linux drops that and goes on waiting. */
    private static void expectError(List<byte[]> sent) {
        assertEquals(1, sent.size());
        ByteBuffer answer = ByteBuffer.wrap(sent.get(0));
        assertEquals(0, AoeFrame.error(answer, 0));
        assertEquals(0x18, answer.get(14), "version 1, a response, no error flag");
        assertEquals(0x41, AtaFrame.status(answer, 0));
        assertEquals(AtaFrame.ERROR_ABRT, AtaFrame.error(answer, 0));
    }

    private void expectError(Request request) {
        expectError(ask(request));
    }

    private void pass(long ns) {
        nowNs += ns;
    }

    /** The store ends what was just asked so. */
    private List<byte[]> ended(Request request, StoreStatus status) {
        rig.receive(request.tag(nextTag++).bytes());
        store.fail(0, status);
        return rig.sent();
    }

    private StallLimit.Cause cause() {
        return rig.target.stallLimit().cause();
    }

    @ParameterizedTest
    @EnumSource(
            value = StoreStatus.class,
            names = {"UNAVAILABLE", "NO_SPACE"})
    void whatMayPassIsSilenceUntilTheLimitThenAnError(StoreStatus status) {
        for (int i = 0; i < 12; i++, pass(10 * SECOND - 1)) {
            assertEquals(List.of(), ended(write(0, 1), status), "after " + 10 * i + " s");
            assertEquals(StallLimit.Cause.NONE, cause());
        }
        pass(12);
        expectError(ended(write(0, 1), status));
        expectError(ended(write(7, 1), status));
        assertEquals(
                status == StoreStatus.NO_SPACE ? StallLimit.Cause.NO_SPACE : StallLimit.Cause.AWAY,
                cause());
        assertEquals(LIMIT, rig.target.stallLimit().ageNs(cause()));
        assertTrue(rig.target.idle());
        assertEquals(0, rig.port.claimed);
    }

    @Test
    void aStoreThatIsBackServesAndItsNextLossIsAnother() {
        ended(read(0, 1), StoreStatus.UNAVAILABLE);
        pass(LIMIT);
        expectError(ended(read(0, 1), StoreStatus.UNAVAILABLE));
        assertEquals(1, ended(read(0, 1), StoreStatus.OK).size());
        assertEquals(StallLimit.Cause.NONE, cause());
        assertEquals(List.of(), ended(read(0, 1), StoreStatus.UNAVAILABLE));
    }

    /** Writes to what has space already tell nothing of what a waiting write will find. */
    @Test
    void aFullStoreIsStillFullWhenOtherWritesSucceed() {
        for (int i = 0; i < 6; i++, pass(20 * SECOND)) {
            assertEquals(List.of(), ended(write(0, 1), StoreStatus.NO_SPACE));
            assertEquals(1, ended(write(9, 1), StoreStatus.OK).size());
        }
        expectError(ended(write(0, 1), StoreStatus.NO_SPACE));
        assertEquals(StallLimit.Cause.NO_SPACE, cause());
        pass(31 * SECOND);
        assertEquals(StallLimit.Cause.NONE, cause());
        assertEquals(List.of(), ended(write(0, 1), StoreStatus.NO_SPACE), "another shortage");
    }

    @Test
    void theTimeRunsFromTheLossNotFromTheFirstRequestAfterIt() {
        rig.target.storeAwaySince(nowNs - LIMIT + 1);
        assertEquals(List.of(), ended(read(0, 1), StoreStatus.UNAVAILABLE));
        pass(1);
        assertEquals(StallLimit.Cause.AWAY, cause());
        expectError(ended(read(0, 1), StoreStatus.UNAVAILABLE));
    }

    @Test
    void withoutALimitSilenceHasNoEnd() {
        rig = rig(new LossPolicy(true, true, LossPolicy.NO_LIMIT));
        expectSilence(read(0, 1));
        ended(read(9, 1), StoreStatus.UNAVAILABLE);
        for (int i = 0; i < 100; i++, pass(1000 * LIMIT)) {
            expectSilence(read(0, 1));
            assertEquals(StallLimit.Cause.NONE, cause());
        }
    }

    @Test
    void whatHangsIsAnErrorWhenItIsAskedAgainAndAllElseIsServed() {
        expectSilence(read(4, 2));
        for (int i = 1; i < 12; i++) {
            pass(10 * SECOND);
            expectSilence(read(4, 2));
        }
        pass(10 * SECOND);
        int submitted = store.submitted();
        expectError(read(4, 2));
        expectError(read(5, 9));
        expectError(write(4, 1));
        assertEquals(submitted, store.submitted(), "no more of them for the store");
        assertEquals(StallLimit.Cause.HUNG, cause());
        assertEquals(LIMIT, rig.target.stallLimit().ageNs(cause()));
        expectSilence(read(6, 1));
        assertEquals(submitted + 1, store.submitted());
        store.complete(store.held() - 1);
        assertEquals(1, rig.sent().size());
        store.completeAll();
        assertEquals(12, rig.sent().size(), "late, under tags that nobody waits for");
        assertEquals(StallLimit.Cause.NONE, cause());
        expectSilence(read(4, 2));
        store.completeAll();
        assertEquals(0x40, AtaFrame.status(ByteBuffer.wrap(rig.sent().get(0)), 0));
    }

    /** Its answer was an error, so it may be made; but what is asked later comes after it. */
    @Test
    void aHungWriteThatLandsLateLandsBeforeNewerOnes() {
        expectSilence(write(3, 1));
        expectSilence(write(3, 2));
        pass(LIMIT);
        expectError(write(3, 3));
        expectError(Request.ata(AtaFrame.FLUSH, 0, 0));
        store.complete(0);
        assertEquals(1, store.held(), "the second may begin");
        assertEquals(1, rig.sent().size());
        expectError(write(3, 4));
        store.complete(0);
        assertArrayEquals(Patterns.random(2, 512), new StoreDriver(store.memory()).read(3, 1));
        assertEquals(1, rig.sent().size());
        expectSilence(write(3, 5));
        store.complete(0);
        assertEquals(0x40, AtaFrame.status(ByteBuffer.wrap(rig.sent().get(0)), 0));
        assertArrayEquals(Patterns.random(5, 512), new StoreDriver(store.memory()).read(3, 1));
        assertTrue(rig.target.idle());
    }

    @Test
    void aRequestThatComesAgainWithItsTagIsAnsweredOnceByAnErrorAndThenNoMore() {
        int tag = nextTag++;
        assertEquals(List.of(), askAs(tag, write(3, 1)));
        pass(LIMIT - 1);
        assertEquals(List.of(), askAs(tag, write(3, 1)));
        assertEquals(1, rig.counters.value(Counter.DUPLICATE_DROPS));
        pass(1);
        expectError(askAs(tag, write(3, 1)));
        expectError(askAs(tag, write(3, 1)));
        store.complete(0);
        assertEquals(List.of(), rig.sent(), "the store was late");
        assertArrayEquals(Patterns.random(1, 512), new StoreDriver(store.memory()).read(3, 1));
        assertEquals(0, rig.counters.value(Counter.WRITES));
        assertTrue(rig.target.idle());
        assertEquals(0, rig.port.claimed);
        assertEquals(List.of(), askAs(tag, write(3, 1)));
        store.complete(0);
        assertEquals(1, rig.sent().size(), "a request like any other again");
    }

    /** Each hung read is in progress as often as its host has sent it. */
    @Test
    void whereAllHangsThereIsStillRoomForErrors() {
        for (int i = 0; i < 4 * SLOTS; i++) {
            expectSilence(read(i % 8, 1));
        }
        assertTrue(rig.counters.value(Counter.SLOT_DROPS) > 2 * SLOTS);
        expectSilence(read(100, 1));
        assertEquals(1, ask(Request.config(ConfigFrame.READ, "")).size(), "found by others");
        pass(LIMIT);
        expectError(read(100, 1));
        expectError(write(101, 1));
        assertEquals(0x40, AtaFrame.status(answer(Request.ata(AtaFrame.IDENTIFY, 1, 0)), 0));
        store.completeAll();
        rig.sent();
        assertEquals(0, rig.port.claimed);
        expectSilence(write(101, 1));
        assertEquals(1, store.held());
    }

    private ByteBuffer answer(Request request) {
        return ByteBuffer.wrap(ask(request).get(0));
    }

    /** Linux sends none, and a disk may need minutes to write back what was cached. */
    @Test
    void aFlushMayTakeLong() {
        expectSilence(Request.ata(AtaFrame.FLUSH, 0, 0));
        pass(2 * LIMIT);
        expectSilence(Request.ata(AtaFrame.FLUSH, 0, 0));
        expectSilence(write(0, 1));
        assertEquals(3, store.held());
        assertEquals(StallLimit.Cause.NONE, cause());
    }
}
