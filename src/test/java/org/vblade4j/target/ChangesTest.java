// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

class ChangesTest {
    private static final long ADMIN = GoldenFrames.CLIENT;
    private static final long OTHER = 0x0200_0000_000bL;

    /** Keeps when it is told to. */
    private static final class Keeper implements StateKeeper {
        final List<Change> begun = new ArrayList<>();
        final List<String> refusals = new ArrayList<>();
        Outcome outcome = Outcome.PENDING;

        @Override
        public void begin(Change change) {
            begun.add(change);
        }

        @Override
        public Outcome outcome() {
            return outcome;
        }

        @Override
        public void refused(Change.Kind kind, long source, long more) {
            refusals.add(kind + " " + source + " " + more);
        }
    }

    private final Keeper keeper = new Keeper();

    private TargetRig rig(RemotePolicy policy, Long... allowedMacs) {
        TargetSettings settings =
                new TargetSettings(
                                new AoeAddress(1, 1), 16, List.of(allowedMacs), TargetRig.IDENTITY)
                        .with(policy);
        FakePort port = new FakePort(GoldenFrames.TARGET, 1500, 32);
        return new TargetRig(MemoryStore.heap(8), port, settings, new Stations(), keeper);
    }

    private static RemotePolicy only(Change.Kind kind, Long... macs) {
        Map<Change.Kind, List<Long>> allowed = new EnumMap<>(Change.Kind.class);
        allowed.put(kind, List.of(macs));
        return new RemotePolicy(allowed);
    }

    private static Request change(Change.Kind kind) {
        return switch (kind) {
            case CONFIG_STRING -> Request.config(ConfigFrame.SET, "hello");
            case MAC_MASK -> Request.maskEdit(1).directive(MaskFrame.DIRECTIVE_ADD, ADMIN);
            case RESERVATION -> Request.reserve(ReserveFrame.SET, ADMIN);
        };
    }

    @ParameterizedTest
    @EnumSource
    void aChangeIsAnsweredAndTakesEffectWhenItIsKept(Change.Kind kind) {
        TargetRig rig = rig(RemotePolicy.OPEN);
        rig.receive(change(kind).bytes());
        assertEquals(List.of(), rig.sent());
        assertFalse(rig.target.idle());
        assertEquals("", rig.configString());
        assertEquals(List.of(), rig.maskList());
        assertEquals(StateImage.EMPTY, keeper.begun.get(0).before());

        keeper.outcome = StateKeeper.Outcome.KEPT;
        List<byte[]> answers = rig.sent();
        assertEquals(1, answers.size());
        assertEquals(0, AoeFrame.error(ByteBuffer.wrap(answers.get(0)), 0));
        assertTrue(rig.target.idle());
        assertEquals(1, keeper.begun.size());
        assertEquals(ADMIN, keeper.begun.get(0).source());
        assertFalse(keeper.begun.get(0).after().equals(StateImage.EMPTY));

        rig.ask(change(kind)); // the same again is no change
        assertEquals(1, keeper.begun.size());
    }

    @ParameterizedTest
    @EnumSource
    void aChangeThatCannotBeKeptIsAnErrorAndHasNoEffect(Change.Kind kind) {
        TargetRig rig = rig(RemotePolicy.OPEN);
        keeper.outcome = StateKeeper.Outcome.FAILED;
        if (kind == Change.Kind.MAC_MASK) {
            ByteBuffer answer = rig.ask(change(kind));
            assertEquals(MaskFrame.ERROR_UNSPECIFIED, MaskFrame.error(answer, 0));
        } else {
            rig.expectError(change(kind), AoeError.DEVICE_UNAVAILABLE);
        }
        assertEquals("", rig.configString());
        assertEquals(List.of(), rig.maskList());
        assertEquals(0, ReserveFrame.count(rig.ask(Request.reserve(ReserveFrame.READ)), 0));
    }

    @Test
    void oneChangeIsUnderWayAtATimeAndAllElseIsServed() {
        TargetRig rig = rig(RemotePolicy.OPEN);
        rig.receive(change(Change.Kind.CONFIG_STRING).bytes());
        for (Change.Kind kind : Change.Kind.values()) {
            rig.expectSilence(change(kind).from(OTHER), Counter.CHANGE_DROPS);
        }
        rig.ask(Request.maskRead());
        rig.expectAta(Request.ata(0x20, 1, 0), 0x40, 0);
        keeper.outcome = StateKeeper.Outcome.KEPT;
        assertEquals(1, rig.sent().size());
        assertEquals("hello", rig.configString());
        assertEquals(1, keeper.begun.size());
    }

    @ParameterizedTest
    @EnumSource
    void aChangeThatTakesLongerThanItsTargetLivesTakesEffectInTheNext(Change.Kind kind) {
        TargetSettings settings =
                new TargetSettings(new AoeAddress(1, 1), 16, List.of(), TargetRig.IDENTITY);
        TargetState state = new TargetState(List.of());
        TargetRig first = rig(settings, state);
        first.receive(change(kind).bytes());
        assertEquals(List.of(), first.sent());
        assertEquals(0, first.target.inProgress(), "its port may be closed");

        TargetRig second = rig(settings, state);
        second.expectSilence(change(kind).from(OTHER), Counter.CHANGE_DROPS);
        assertEquals("", second.configString());
        keeper.outcome = StateKeeper.Outcome.KEPT;
        assertEquals(List.of(), second.sent(), "nobody there has asked for it");
        assertTrue(second.target.idle());
        assertEquals(keeper.begun.get(0).after(), state.image());
        assertEquals(1, keeper.begun.size());
    }

    private TargetRig rig(TargetSettings settings, TargetState state) {
        FakePort port = new FakePort(GoldenFrames.TARGET, 1500, 32);
        return new TargetRig(MemoryStore.heap(8), port, settings, state, new Stations(), keeper);
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhomThePolicyNamesMayChange(Change.Kind kind) {
        keeper.outcome = StateKeeper.Outcome.KEPT;
        TargetRig rig = rig(only(kind, ADMIN));
        rig.expectError(change(kind).from(OTHER), AoeError.BAD_ARGUMENT);
        rig.expectError(change(kind).from(OTHER), AoeError.BAD_ARGUMENT);
        assertEquals(2, rig.counters.value(Counter.CHANGES_REFUSED));
        assertEquals(List.of(kind + " " + OTHER + " 0"), keeper.refusals);
        assertEquals(List.of(), keeper.begun);
        rig.ask(change(kind));
        assertEquals(1, keeper.begun.size());

        TargetRig closed = rig(only(kind));
        closed.expectError(change(kind), AoeError.BAD_ARGUMENT);
        closed.ask(
                change(
                        kind == Change.Kind.RESERVATION
                                ? Change.Kind.MAC_MASK
                                : Change.Kind.RESERVATION));
    }

    @Test
    void anEditThatFailsInTheMiddleIsKeptUpToThere() {
        keeper.outcome = StateKeeper.Outcome.KEPT;
        TargetRig rig = rig(RemotePolicy.OPEN);
        ByteBuffer answer =
                rig.ask(
                        Request.maskEdit(3)
                                .directive(1, ADMIN)
                                .directive(9, 1)
                                .directive(1, OTHER));
        assertEquals(MaskFrame.ERROR_BAD_DIRECTIVE, MaskFrame.error(answer, 0));
        assertEquals(1, MaskFrame.count(answer, 0));
        assertEquals(List.of(ADMIN), keeper.begun.get(0).after().mask());
        assertEquals(List.of(ADMIN), rig.maskList());
    }

    @Test
    void anOperatorsListWinsOverTheKeptOneAndForgetsNothing() {
        StateImage kept = new StateImage("x\u00ff", List.of(OTHER), List.of(ADMIN));
        TargetState state = new TargetState(List.of(ADMIN), kept);
        assertTrue(state.listensTo(ADMIN));
        assertFalse(state.listensTo(OTHER));
        assertFalse(state.isOpenTo(OTHER));
        assertEquals(kept, state.image());
        TargetState open = new TargetState(List.of(), kept);
        assertTrue(open.listensTo(OTHER));
        assertFalse(open.listensTo(ADMIN));
    }

    @Test
    void aRivalsResponsesAreSeenAndNobodyElses() {
        TargetRig rig = rig(RemotePolicy.OPEN);
        Request rival = Request.config(ConfigFrame.READ, "").with(14, 0x18).from(OTHER);
        rig.expectSilence(rival, Counter.RESPONSE_DROPS);
        assertEquals(OTHER, rig.target.addressWatch().mac());
        assertEquals(1, rig.target.addressWatch().sightings());
        rig.expectSilence(rival.from(GoldenFrames.TARGET), Counter.RESPONSE_DROPS);
        rig.expectSilence(rival.from(OTHER).everywhere(), Counter.RESPONSE_DROPS);
        assertEquals(1, rig.target.addressWatch().sightings());

        rig.target.queryOwnAddress();
        ByteBuffer query = ByteBuffer.wrap(rig.sent().get(0));
        assertFalse(AoeFrame.isResponse(query, 0));
        assertEquals(1, AoeFrame.major(query, 0));
        assertEquals(ConfigFrame.READ, ConfigFrame.operation(query, 0));
    }
}
