// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;
import java.time.Instant;

/** The supervisor's thread and clock. Everything it is given runs one after the other. */
interface Scheduler extends AutoCloseable {
    /** Monotonic nanoseconds. */
    long nowNs();

    /** The time of day, for people. */
    Instant wallTime();

    /** Any thread: runs the task soon, after those given before. Ignored once closed. */
    void execute(Runnable task);

    /** Runs the task later; the result takes it back. */
    Runnable after(Duration delay, Runnable task);

    /** From inside a task: nothing further runs. */
    @Override
    void close();
}
