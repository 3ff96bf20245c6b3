// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * A slow, unreliable disk for tests and simulations: passes requests on to another store from
 * {@link #poll}, when their time has come, or fails them. A failed request has changed nothing.
 *
 * <p>It also watches its caller: a request that overlaps one in progress, where at least one of
 * them writes, is an {@link IllegalStateException}. Allocates; not for production.
 */
public final class FaultyStore extends FilterStore {
    private record Pending(StoreRequest request, long dueNs, StoreStatus fate) {}

    private final StoreFaults faults;
    private final LongSupplier clockNs;
    private final SplittableRandom random;
    private final List<Pending> pending = new ArrayList<>();
    private final Map<Long, StoreStatus> badSectors = new HashMap<>();
    private boolean held;

    /**
     * Takes over {@code next}: closing closes it.
     *
     * @param clockNs the time that delays are measured with, in nanoseconds; may be a virtual clock
     */
    public FaultyStore(BlockStore next, StoreFaults faults, LongSupplier clockNs) {
        super(next);
        this.faults = faults;
        this.clockNs = clockNs;
        random = new SplittableRandom(faults.seed());
    }

    /** From now on requests that touch the sector fail so; with {@code OK} it is good again. */
    public void failSector(long lba, StoreStatus status) {
        badSectors.put(lba, status);
    }

    /** Lets no request end until {@link #release}, as a disk that hangs. */
    public void hold() {
        held = true;
    }

    /** Ends {@link #hold}. */
    public void release() {
        held = false;
    }

    /** Requests submitted and not yet ended or passed on. */
    public int pending() {
        return pending.size();
    }

    @Override
    public StoreTraits traits() {
        return next.traits().asDelayed();
    }

    @Override
    public void submit(StoreRequest request) {
        for (Pending other : pending) {
            if (conflict(request, other.request)) {
                throw new IllegalStateException(
                        text(request) + " while in progress: " + text(other.request));
            }
        }
        long delayNs = faults.maxDelayNs() == 0 ? 0 : random.nextLong(faults.maxDelayNs() + 1);
        pending.add(new Pending(request, clockNs.getAsLong() + delayNs, fate(request)));
    }

    private StoreStatus fate(StoreRequest request) {
        if (faults.errorRate() > 0 && random.nextDouble() < faults.errorRate()) {
            return faults.error();
        }
        StoreStatus fate = StoreStatus.OK;
        for (int i = 0; i < request.sectors() && fate == StoreStatus.OK; i++) {
            fate = badSectors.getOrDefault(request.lba() + i, StoreStatus.OK);
        }
        return fate;
    }

    @Override
    public int poll() {
        int completed = next.poll();
        if (held) {
            return completed;
        }
        boolean synchronous = next.traits().synchronous();
        for (Pending one : takeDue()) {
            if (one.fate != StoreStatus.OK) {
                one.request.complete(one.fate);
                completed++;
            } else {
                next.submit(one.request);
                completed += synchronous ? 1 : 0;
            }
        }
        next.kick();
        return completed;
    }

    /** Those whose time has come, the earliest first; equals in the order they came. */
    private List<Pending> takeDue() {
        long nowNs = clockNs.getAsLong();
        List<Pending> due = new ArrayList<>();
        for (Pending one : pending) {
            if (one.dueNs - nowNs <= 0) {
                due.add(one);
            }
        }
        pending.removeAll(due);
        due.sort((a, b) -> Long.compare(a.dueNs - nowNs, b.dueNs - nowNs));
        return due;
    }

    private static boolean conflict(StoreRequest a, StoreRequest b) {
        boolean writes = a.op() == StoreRequest.Op.WRITE || b.op() == StoreRequest.Op.WRITE;
        return writes && a.lba() < b.lba() + b.sectors() && b.lba() < a.lba() + a.sectors();
    }

    private static String text(StoreRequest request) {
        return request.op() + " of " + request.sectors() + " sectors at " + request.lba();
    }

    /** None: a delay ends without one. */
    @Override
    public int readyFd() {
        return -1;
    }
}
