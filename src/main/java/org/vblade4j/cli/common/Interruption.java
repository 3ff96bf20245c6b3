// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.vblade4j.daemon.Signals;

/**
 * Lets long work end in order when SIGINT, SIGTERM or SIGHUP comes. A second signal, or work that
 * does not end, ends the process at once.
 */
public final class Interruption {
    private static final long PATIENCE_S = 10;
    private static final int SIGNAL_STATUS = 128;

    private final AtomicInteger signal = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);

    /**
     * From now on signals call {@code stop} instead of ending the process.
     *
     * @param stop any thread; makes the work return soon
     */
    public static Interruption stopping(Runnable stop) {
        Interruption interruption = new Interruption();
        Signals.handle("HUP", () -> interruption.onSignal(1, stop));
        Signals.handle("INT", () -> interruption.onSignal(2, stop));
        Signals.handle("TERM", () -> interruption.onSignal(15, stop));
        return interruption;
    }

    private void onSignal(int number, Runnable stop) {
        if (signal.compareAndSet(0, number)) {
            stop.run();
            try {
                if (ended.await(PATIENCE_S, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        Runtime.getRuntime().halt(SIGNAL_STATUS + number);
    }

    /** True when a signal has come. */
    public boolean happened() {
        return signal.get() != 0;
    }

    /**
     * The work has ended; returns what a shell expects then, {@code otherwise} without a signal.
     */
    public int status(int otherwise) {
        ended.countDown();
        return happened() ? SIGNAL_STATUS + signal.get() : otherwise;
    }
}
