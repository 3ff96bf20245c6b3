// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.concurrent.TimeUnit;
import org.vblade4j.ata.AtaTask;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.store.StoreStatus;

/**
 * How long hosts have been told nothing, and whether that is too long: Linux gives a disk up after
 * 180 seconds of silence, and many of its versions crash then. An ATA error instead is true at any
 * time, because it leaves open what becomes of the request. Worker thread only.
 *
 * <p>A host sends what is not answered again, Linux with a new tag each time. So a request that is
 * in progress for too long is answered by an error when it comes again, or when another one for the
 * same sectors does. The store keeps it, and later writes go on waiting for it. Flushes take as
 * long as they do; Linux sends none.
 */
public final class StallLimit {
    /** Why reads and writes are answered with errors. */
    public enum Cause {
        /** They are not. */
        NONE,
        /** The store is away. */
        AWAY,
        /** The store has not finished what it was asked, which concerns the same sectors only. */
        HUNG,
        /** Writes find no space; others are served. */
        NO_SPACE
    }

    /** A host that waits asks again within seconds: after such a pause it is another shortage. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(30);

    private final LossPolicy policy;
    private final RequestOrder order;
    private final Stations stations;
    private boolean away;
    private long awaySinceNs;
    private boolean full;
    private long fullSinceNs;
    private long fullSeenNs;

    /**
     * @param stations has the clock
     */
    StallLimit(LossPolicy policy, RequestOrder order, Stations stations) {
        this.policy = policy;
        this.order = order;
        this.stations = stations;
    }

    /** The store has been away since then, by the clock of {@link Stations}. */
    void awaySince(long sinceNs) {
        away = true;
        awaySinceNs = sinceNs;
    }

    /** What the host is told of a request that has ended so. */
    LossPolicy judge(StoreStatus status) {
        switch (status) {
            case OK -> away = false;
            case UNAVAILABLE -> {
                return awayTooLong(stations.nowNs()) ? LossPolicy.FAIL : policy;
            }
            case NO_SPACE -> {
                return fullTooLong(stations.nowNs()) ? LossPolicy.FAIL : policy;
            }
            default -> {}
        }
        return policy;
    }

    private boolean awayTooLong(long nowNs) {
        if (!away) {
            awaySince(nowNs);
        }
        return tooLong(awaySinceNs, nowNs);
    }

    /** Writes where there is space succeed meanwhile, and so tell nothing. */
    private boolean fullTooLong(long nowNs) {
        if (!full || nowNs - fullSeenNs > PAUSE_NS) {
            full = true;
            fullSinceNs = nowNs;
        }
        fullSeenNs = nowNs;
        return tooLong(fullSinceNs, nowNs);
    }

    private boolean tooLong(long sinceNs, long nowNs) {
        return nowNs - sinceNs >= policy.limitNs();
    }

    /** Whether a request in progress that comes again now is to be given up. */
    boolean givesUp(PendingRequest request, long nowNs) {
        return request.task.kind() != AtaTask.Kind.FLUSH && tooLong(request.startedNs, nowNs);
    }

    /**
     * Whether a new request is to fail: the store has kept another one for too long that concerns
     * the same sectors, or so many that there is no room.
     */
    boolean fails(AtaTask task, boolean room, long nowNs) {
        if (order.size() == 0 || !tooLong(order.active(0).startedNs, nowNs)) {
            return false;
        }
        return order.meets(task, nowNs - policy.limitNs()) || (!room && hangs(nowNs));
    }

    private boolean hangs(long nowNs) {
        PendingRequest oldest = order.oldestTransfer();
        return oldest != null && tooLong(oldest.startedNs, nowNs);
    }

    /** Whether errors are given now because the limit has passed. */
    public Cause cause() {
        long nowNs = stations.nowNs();
        if (away && policy.stallsWhenAway() && tooLong(awaySinceNs, nowNs)) {
            return Cause.AWAY;
        }
        if (hangs(nowNs)) {
            return Cause.HUNG;
        }
        boolean stillFull = full && policy.stallsWhenFull() && nowNs - fullSeenNs <= PAUSE_NS;
        return stillFull && tooLong(fullSinceNs, nowNs) ? Cause.NO_SPACE : Cause.NONE;
    }

    /** For how long the cause has lasted, in nanoseconds. */
    public long ageNs(Cause cause) {
        long nowNs = stations.nowNs();
        PendingRequest oldest = order.oldestTransfer();
        return switch (cause) {
            case NONE -> 0;
            case AWAY -> nowNs - awaySinceNs;
            case HUNG -> oldest == null ? 0 : nowNs - oldest.startedNs;
            case NO_SPACE -> nowNs - fullSinceNs;
        };
    }
}
