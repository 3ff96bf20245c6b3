// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Looks at all processes once for all who ask at the same time: hundreds of exports may start
 * together, and each needs a look that began after it asked. Nobody waits without limit: a process
 * that holds up the look is passed over, also by the looks that follow, until it lets go.
 */
final class Scans {
    private static final Logger LOG = System.getLogger(Scans.class.getName());
    private static final Path PROC = Path.of("/proc");
    private static final Duration STALL = Duration.ofSeconds(5);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final ThreadGroup group = Thread.currentThread().getThreadGroup();
    private final Path proc;
    private final Duration stall;
    private final Duration longest;

    /** Processes that hold up a look, and the thread that they hold up. */
    private final Map<Long, Thread> holdingUp = new ConcurrentHashMap<>();

    private Scan latest;

    Scans() {
        this(PROC, STALL, LONGEST);
    }

    /**
     * @param proc where proc(5) is mounted
     * @param stall so long without progress, and the process that is looked at is passed over
     * @param longest who has waited so long gets what has been found by then
     */
    Scans(Path proc, Duration stall, Duration longest) {
        this.proc = proc;
        this.stall = stall;
        this.longest = longest;
    }

    /** What a look finds that begins after this was called. */
    OpenFiles fresh() {
        long startNs = System.nanoTime();
        Scan scan = join();
        while (!scan.await(startNs)) {
            scan = join();
        }
        return scan.files;
    }

    private synchronized Scan join() {
        if (latest == null || latest.begun) {
            latest = new Scan(latest);
            latest.thread.start();
        }
        return latest;
    }

    private synchronized void begin(Scan scan) {
        scan.begun = true;
        holdingUp.values().removeIf(thread -> !thread.isAlive());
    }

    /** One look, on a thread of its own. */
    private final class Scan implements Runnable {
        final OpenFiles files = new OpenFiles(proc);
        final Thread thread = new Thread(group, this, "guard");
        private final CountDownLatch over = new CountDownLatch(1);
        private Scan before;
        private volatile boolean begun;
        private volatile boolean heldUp;

        Scan(Scan before) {
            this.before = before;
            thread.setDaemon(true);
        }

        @Override
        public void run() {
            if (before != null) {
                before.await(System.nanoTime());
                before = null;
            }
            begin(this);
            try {
                files.look(holdingUp.keySet());
            } finally {
                over.countDown();
            }
        }

        /** False when this look was held up, and another one is to be made. */
        boolean await(long startNs) {
            long seen = -1;
            try {
                while (!over.await(stall.toNanos(), TimeUnit.NANOSECONDS)) {
                    if (System.nanoTime() - startNs > longest.toNanos()) {
                        LOG.log(Level.WARNING, "not all processes were looked at in time");
                        return true;
                    }
                    long steps = begun ? files.steps() : -1;
                    if (begun && steps == seen) {
                        giveUp();
                    }
                    seen = steps;
                }
                return !heldUp;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return true;
            }
        }

        private synchronized void giveUp() {
            if (over.getCount() > 0) {
                heldUp = true;
                holdingUp.put(files.at(), thread);
                LOG.log(
                        Level.WARNING,
                        "process {0} cannot be looked at: whether it uses a file or device that is"
                                + " to be exported is not known",
                        String.valueOf(files.at()));
                over.countDown();
            }
        }
    }
}
