// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.vblade4j.store.engine.IoOperation;
import org.vblade4j.store.engine.SimulatedEngine;
import org.vblade4j.sys.Errno;

/**
 * A kernel with one disk, on a virtual clock. Of an operation that runs on its own one half is made
 * some time before it ends and the other when it ends.
 */
final class SimKernel extends SimCalls {
    private record Event(long atNs, long number, Running of, boolean last)
            implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** An operation of an engine. */
    private static final class Running {
        final SimulatedEngine.Job job;
        SimTransfer transfer;
        SimDisk.Sync sync;
        boolean ended;

        Running(SimulatedEngine.Job job) {
            this.job = job;
        }
    }

    private final long latencyNs;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Running> running = new ArrayList<>();
    private boolean held;
    private long nowNs;
    private long number;

    SimKernel(
            SplittableRandom random,
            SimDisk disk,
            Tally tally,
            boolean device,
            int blockBytes,
            Faults faults,
            long latencyNs) {
        super(random, disk, tally, device, blockBytes, faults);
        this.latencyNs = latencyNs;
    }

    @Override
    void calm() {
        super.calm();
        hold(false);
    }

    /** The disk hangs: no operation in the kernel ends; when it goes on they end in any order. */
    void hold(boolean holds) {
        if (held && !holds) {
            events.clear();
            running.forEach(this::schedule);
        }
        held = holds;
    }

    private void schedule(Running one) {
        long durationNs = 1 + random.nextLong(latencyNs);
        events.add(new Event(nowNs + random.nextLong(durationNs), number++, one, false));
        events.add(new Event(nowNs + durationNs, number++, one, true));
    }

    /** Until something is due. */
    long idleNs() {
        return held || events.isEmpty() ? Long.MAX_VALUE : Math.max(0, events.peek().atNs - nowNs);
    }

    boolean quiet() {
        return running.isEmpty();
    }

    void pass(long toNs) {
        nowNs = toNs;
        while (!held && !events.isEmpty() && events.peek().atNs <= toNs) {
            Event event = events.poll();
            if (!event.of.ended) {
                step(event.of, event.last);
            }
        }
    }

    /** Waits for direct transfers, as truncate(2) does. */
    void resize(int sectors) {
        for (Running one : List.copyOf(running)) {
            if (one.transfer != null && !held) {
                step(one, true);
            }
        }
        if (quiet()) {
            disk.resize(sectors);
        }
    }

    /** The process was killed: what the disk has begun it ends, in part or not. */
    void kill() {
        for (Running one : running) {
            if (one.transfer != null && random.nextBoolean()) {
                one.transfer.moveAll();
            } else if (one.sync != null) {
                finishSync(one.sync);
            }
        }
        forget();
    }

    void cutPower() {
        forget();
        disk.cutPower();
    }

    private void forget() {
        List<Running> left = List.copyOf(running);
        running.clear();
        left.forEach(one -> one.job.end(-Errno.EIO)); // nobody asks any more
        events.clear();
        held = false;
    }

    void begin(SimulatedEngine.Job job) {
        Running one = new Running(job);
        if (job.kind == IoOperation.Kind.SYNC) {
            one.sync = disk.new Sync();
        } else {
            boolean write = job.kind == IoOperation.Kind.WRITE;
            long bytes = job.segments == 1 ? job.bytes : -1;
            one.transfer = transfer(job.fd, write, job.address, job.segments, bytes, job.position);
        }
        running.add(one);
        schedule(one);
    }

    private void step(Running one, boolean last) {
        if (!last) {
            if (one.transfer != null) {
                one.transfer.moveHalf();
            }
            return;
        }
        one.ended = true;
        running.remove(one);
        if (one.sync != null) {
            one.job.end(finishSync(one.sync));
        } else {
            one.transfer.moveAll();
            one.job.end(absent ? -Errno.EIO : one.transfer.result);
        }
    }
}
