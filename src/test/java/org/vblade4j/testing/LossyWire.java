// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.vblade4j.peers.RawSocket;

/**
 * Carries AoE frames between two interfaces, both ways, and loses, repeats and reorders some, as
 * netem would where the kernel has it. The threads are started by, and so in the network namespace
 * of, whoever makes it.
 */
public final class LossyWire implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 20;
    private static final int MAX_HELD_FRAMES = 4;
    private static final long IDLE_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final double probability;
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong repeated = new AtomicLong();
    private final AtomicLong reordered = new AtomicLong();
    private volatile IOException failure;
    private volatile boolean stop;

    /**
     * @param probability of a frame to be lost; as great those of being repeated and of coming late
     */
    public LossyWire(String left, String right, double probability, long seed) {
        this.probability = probability;
        start(left, right, seed);
        start(right, left, seed + 1);
    }

    private void start(String from, String to, long seed) {
        Thread thread = new Thread(() -> carry(from, to, seed), "wire " + from);
        threads.add(thread);
        thread.start();
    }

    private void carry(String from, String to, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        ArrayDeque<byte[]> held = new ArrayDeque<>();
        try (RawSocket in = new RawSocket(from);
                RawSocket out = new RawSocket(to)) {
            in.growReceiveBuffer(BUFFER_BYTES);
            while (!stop) {
                byte[] frame = in.receive(IDLE_NS);
                if (frame != null) {
                    pass(frame, out, held, random);
                }
                while (!held.isEmpty() && (frame == null || held.size() > MAX_HELD_FRAMES)) {
                    out.send(held.poll());
                }
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    private void pass(byte[] frame, RawSocket out, ArrayDeque<byte[]> held, SplittableRandom random)
            throws IOException {
        double fate = random.nextDouble() / probability;
        if (fate < 1) {
            lost.incrementAndGet();
        } else if (fate < 2) {
            reordered.incrementAndGet();
            held.add(frame);
        } else {
            out.send(frame);
            if (fate < 3) {
                repeated.incrementAndGet();
                out.send(frame);
            }
        }
    }

    public long lost() {
        return lost.get();
    }

    public long repeated() {
        return repeated.get();
    }

    public long reordered() {
        return reordered.get();
    }

    /** Ends the threads; fails if one had failed. */
    @Override
    public void close() throws IOException {
        stop = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
