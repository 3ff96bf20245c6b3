// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * A descriptor that polls readable when another one does, or, while something is to be tried again
 * that the other one tells nothing of, after a moment. Its number is the same all the time; it
 * refers to the other file or to a timer. So there is nothing between while all is well, as an
 * epoll set would be.
 */
final class RetryDescriptor implements AutoCloseable {
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int NANOSECONDS_AT = 24; // it_value.tv_nsec in struct itimerspec

    private final int other;
    private final int timer;
    private final int number;
    private final NativeMemory time;
    private boolean retrying;

    RetryDescriptor(int other) throws OsException {
        this.other = other;
        time = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        Libc.wrap(time.address(), time.lengthBytes())
                .order(ByteOrder.nativeOrder())
                .putLong(NANOSECONDS_AT, RETRY_NS);
        timer = Libc.timerfd_create(Linux.CLOCK_MONOTONIC, Linux.TFD_CLOEXEC_NONBLOCK);
        number = timer < 0 ? -1 : Libc.eventfd(0, Linux.EFD_CLOEXEC); // a number of its own
        if (number < 0 || Libc.dup3(other, number, Linux.O_CLOEXEC) < 0) {
            OsException refused = OsException.last("timerfd_create, eventfd, dup3");
            close();
            throw refused;
        }
    }

    int number() {
        return number;
    }

    /** From now on it polls readable after a moment, until {@link #done}; may be called again. */
    void retry() {
        Libc.timerfd_settime(timer, 0, time.address(), 0);
        if (!retrying) {
            retrying = true;
            Libc.dup3(timer, number, Linux.O_CLOEXEC);
        }
    }

    /** There is nothing to be tried again. */
    void done() {
        if (retrying) {
            retrying = false;
            Libc.dup3(other, number, Linux.O_CLOEXEC);
        }
    }

    @Override
    public void close() {
        Libc.close(number);
        Libc.close(timer);
        time.close();
    }
}
