// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * A disk that takes longer: hands each request on to another store when it has waited for a time,
 * any number of them at once. For tests of what a slow disk does to hosts and to other exports.
 */
public final class DelayStore extends FilterStore {
    private static final int FIRST_CAPACITY = 64;
    private static final int VALUE_AT = 16;
    private static final int EVENT_AT = 64;
    private static final long SECOND_NS = 1_000_000_000L;

    private final long delayNs;
    private final int timer;
    private final int ready;
    private final NativeMemory memory;
    private final ByteBuffer words;
    private StoreRequest[] waiting = new StoreRequest[FIRST_CAPACITY];
    private long[] dueNs = new long[FIRST_CAPACITY];
    private int head;
    private int count;
    private boolean closed;

    private DelayStore(BlockStore next, long delayNs, NativeMemory memory, int timer, int ready) {
        super(next);
        this.delayNs = delayNs;
        this.memory = memory;
        this.timer = timer;
        this.ready = ready;
        words = Libc.wrap(memory.address(), memory.lengthBytes()).order(ByteOrder.nativeOrder());
    }

    /** Takes over {@code next}, also when this fails: closing closes it. */
    public static DelayStore over(BlockStore next, long delayNs) throws IOException {
        try {
            NativeMemory memory = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
            int timer = Libc.timerfd_create(Linux.CLOCK_MONOTONIC, Linux.TFD_CLOEXEC_NONBLOCK);
            int ready = Libc.epoll_create1(Linux.EPOLL_CLOEXEC);
            if (timer < 0 || ready < 0) {
                throw OsException.last("timerfd_create, epoll_create1");
            }
            DelayStore store = new DelayStore(next, delayNs, memory, timer, ready);
            store.watch(timer);
            if (next.readyFd() >= 0) {
                store.watch(next.readyFd());
            }
            return store;
        } catch (OsException e) {
            next.close();
            throw e;
        }
    }

    private void watch(int fd) throws OsException {
        words.putLong(EVENT_AT, Linux.POLLIN);
        words.putLong(EVENT_AT + 8, 0);
        long event = memory.address() + EVENT_AT;
        if (Libc.epoll_ctl(ready, Linux.EPOLL_CTL_ADD, fd, event) < 0) {
            throw OsException.last("epoll_ctl");
        }
    }

    @Override
    public StoreTraits traits() {
        return next.traits().asDelayed();
    }

    @Override
    public void submit(StoreRequest request) {
        if (count == waiting.length) {
            grow();
        }
        int place = (head + count++) % waiting.length;
        waiting[place] = request;
        dueNs[place] = System.nanoTime() + delayNs;
        if (count == 1) {
            arm(delayNs);
        }
    }

    private void grow() {
        int size = waiting.length;
        StoreRequest[] requests = Arrays.copyOfRange(waiting, head, head + 2 * size);
        long[] times = Arrays.copyOfRange(dueNs, head, head + 2 * size);
        System.arraycopy(waiting, 0, requests, size - head, head);
        System.arraycopy(dueNs, 0, times, size - head, head);
        waiting = requests;
        dueNs = times;
        head = 0;
    }

    /** Zero switches the timer off, and its descriptor is not readable any more. */
    private void arm(long inNs) {
        words.putLong(VALUE_AT, inNs / SECOND_NS);
        words.putLong(VALUE_AT + 8, inNs % SECOND_NS);
        Libc.timerfd_settime(timer, 0, memory.address(), 0);
    }

    @Override
    public int poll() {
        return passOn() + next.poll();
    }

    private int passOn() {
        int passed = 0;
        long nowNs = System.nanoTime();
        while (count > 0 && dueNs[head] - nowNs <= 0) {
            StoreRequest request = waiting[head];
            waiting[head] = null;
            head = (head + 1) % waiting.length;
            count--;
            passed++;
            next.submit(request);
        }
        if (passed > 0) {
            arm(count == 0 ? 0 : Math.max(1, dueNs[head] - nowNs));
            next.kick();
        }
        return passed;
    }

    @Override
    public int readyFd() {
        return ready;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            Libc.close(ready);
            Libc.close(timer);
            memory.close();
        }
        next.close();
    }
}
