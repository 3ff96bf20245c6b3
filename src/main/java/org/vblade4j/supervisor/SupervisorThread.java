// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The real scheduler: one thread named "supervisor". A task that throws is logged, no more. */
final class SupervisorThread implements Scheduler {
    private static final Logger LOG = System.getLogger(SupervisorThread.class.getName());

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> new Thread(task, "supervisor"),
                    new ThreadPoolExecutor.DiscardPolicy());

    SupervisorThread() {
        executor.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    @Override
    public Instant wallTime() {
        return Instant.now();
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(guarded(task));
    }

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Future<?> future = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }

    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "a task of the supervisor failed", e);
            }
        };
    }
}
