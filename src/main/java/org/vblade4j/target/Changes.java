// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.List;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;

/**
 * The way from a station's wish to a changed state: policy, keeping, effect, answer. One change is
 * under way at a time; who asks meanwhile is not answered and asks again. It is the state's: a
 * target made anew on another port goes on with it, and only who asked for it gets no answer.
 * Worker thread only.
 */
final class Changes {
    /** Answers a change, once its outcome is known. */
    @FunctionalInterface
    interface Answerer {
        void answer(int slot, int operation, boolean kept);
    }

    private static final long REFUSAL_LOG_NS = 1_000_000_000L;

    private final TargetState state;
    private final RemotePolicy policy;
    private final StateKeeper keeper;
    private final Replies replies;
    private final Counters counters;
    private int slot = Replies.NO_SLOT;
    private int operation;
    private Answerer answerer;
    private long refusals;
    private long lastRefusalNs;
    private boolean refusedBefore;

    Changes(
            TargetState state,
            RemotePolicy policy,
            StateKeeper keeper,
            Replies replies,
            Counters counters) {
        this.state = state;
        this.policy = policy;
        this.keeper = keeper;
        this.replies = replies;
        this.counters = counters;
    }

    /** Whether the station may; a refusal is counted and, not too often, told. */
    boolean mayChange(Change.Kind kind, long source) {
        if (policy.allows(kind, source)) {
            return true;
        }
        counters.increment(Counter.CHANGES_REFUSED);
        long nowNs = System.nanoTime();
        if (!refusedBefore || nowNs - lastRefusalNs >= REFUSAL_LOG_NS) {
            keeper.refused(kind, source, refusals);
            refusedBefore = true;
            refusals = 0;
            lastRefusalNs = nowNs;
        } else {
            refusals++;
        }
        return false;
    }

    void config(long source, String newer, int replySlot, int op, Answerer then) {
        StateImage before = state.image();
        StateImage after = before.withConfig(newer);
        make(new Change(Change.Kind.CONFIG_STRING, source, before, after), replySlot, op, then);
    }

    void mask(long source, List<Long> newer, int replySlot, int op, Answerer then) {
        StateImage before = state.image();
        StateImage after = before.withMask(newer);
        make(new Change(Change.Kind.MAC_MASK, source, before, after), replySlot, op, then);
    }

    void reservation(long source, List<Long> newer, int replySlot, int op, Answerer then) {
        StateImage before = state.image();
        StateImage after = before.withReservation(newer);
        make(new Change(Change.Kind.RESERVATION, source, before, after), replySlot, op, then);
    }

    private void make(Change wish, int replySlot, int op, Answerer then) {
        if (wish.before().equals(wish.after())) {
            then.answer(replySlot, op, true);
            return;
        }
        if (state.changing()) {
            busy(replySlot);
            return;
        }
        state.begin(wish);
        slot = replySlot;
        operation = op;
        answerer = then;
        keeper.begin(wish);
        poll();
    }

    /** Leaves a request unanswered, because another is under way. */
    void busy(int replySlot) {
        replies.drop(replySlot);
        counters.increment(Counter.CHANGE_DROPS);
    }

    /** Finishes the change that is under way if its outcome is known; returns how many. */
    int poll() {
        if (!state.changing()) {
            return 0;
        }
        StateKeeper.Outcome outcome = keeper.outcome();
        if (outcome == StateKeeper.Outcome.PENDING) {
            return 0;
        }
        boolean kept = outcome == StateKeeper.Outcome.KEPT;
        state.conclude(kept);
        if (slot == Replies.NO_SLOT) {
            return 0; // a target before this one was asked for it
        }
        answerer.answer(slot, operation, kept);
        slot = Replies.NO_SLOT;
        return 1;
    }

    boolean idle() {
        return !state.changing();
    }
}
