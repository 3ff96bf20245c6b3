// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/** Runs tasks on the caller's thread at once, and timers when a test moves the clock. */
final class VirtualScheduler implements Scheduler {
    private record Timer(long dueNs, long order, Runnable task) {}

    private final Deque<Runnable> ready = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(
                    Comparator.comparingLong(Timer::dueNs).thenComparingLong(Timer::order));
    private long nowNs = 1_000_000_000L;
    private long order;
    private boolean draining;
    private boolean closed;

    @Override
    public long nowNs() {
        return nowNs;
    }

    @Override
    public Instant wallTime() {
        return Instant.ofEpochSecond(1_800_000_000L, nowNs);
    }

    @Override
    public void execute(Runnable task) {
        ready.add(task);
        if (!draining) {
            drain();
        }
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Timer timer = new Timer(nowNs + delay.toNanos(), order++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public void close() {
        closed = true;
        ready.clear();
        timers.clear();
    }

    void advance(Duration by) {
        long endNs = nowNs + by.toNanos();
        while (!timers.isEmpty() && timers.peek().dueNs() <= endNs) {
            Timer timer = timers.remove();
            nowNs = timer.dueNs();
            execute(timer.task());
        }
        nowNs = endNs;
    }

    int pendingTimers() {
        return timers.size();
    }

    private void drain() {
        draining = true;
        try {
            while (!closed && !ready.isEmpty()) {
                ready.remove().run();
            }
        } finally {
            draining = false;
        }
    }
}
