// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An engine as io_uring is one: operations are handed over in batches, of which the kernel may take
 * a part, run at the same time, and come back in any order. The kernel is the caller's.
 */
public final class SimulatedEngine implements IoEngine {
    /** A descriptor that no call takes. */
    public static final int READY_FD = 1_000_000;

    /** Runs operations. */
    @FunctionalInterface
    public interface Kernel {
        void begin(Job job);

        /** Lets some time pass for a thread that waits until operations have ended. */
        default void pass() {
            throw new IllegalStateException("operations are in the kernel");
        }
    }

    /** One operation in the kernel, as it was when it was handed over. */
    public final class Job {
        public final IoOperation.Kind kind;
        public final int fd;
        public final long address;
        public final int segments;
        public final int bytes;
        public final long position;
        private final IoOperation operation;

        private Job(IoOperation operation) {
            this.operation = operation;
            kind = operation.kind;
            fd = fds[operation.file];
            address = operation.address;
            segments = operation.segments;
            bytes = operation.length;
            position = operation.position;
        }

        /** Called once, with the bytes moved or an errno negated. */
        public void end(int result) {
            operation.result = result;
            ended.add(operation);
            inKernel--;
        }
    }

    private final Kernel kernel;
    private final SplittableRandom random;
    private final int depth;
    private final int[] fds;
    private final List<IoOperation> prepared = new ArrayList<>();
    private final List<IoOperation> ended = new ArrayList<>();
    private int inKernel;

    public SimulatedEngine(Kernel kernel, SplittableRandom random, int depth, int... fds) {
        this.kernel = kernel;
        this.random = random;
        this.depth = depth;
        this.fds = fds.clone();
    }

    @Override
    public String label() {
        return "simulated";
    }

    @Override
    public void start(IoOperation operation) {
        if (inProgress() == depth) {
            throw new AssertionError("more than " + depth + " operations in progress");
        }
        prepared.add(operation);
    }

    @Override
    public void submit() {
        int taken = prepared.size();
        if (taken > 0 && random.nextInt(16) == 0) {
            taken = random.nextInt(taken); // EAGAIN after some
        }
        for (int i = 0; i < taken; i++) {
            inKernel++;
            kernel.begin(new Job(prepared.get(i)));
        }
        prepared.subList(0, taken).clear();
    }

    @Override
    public int reap() {
        int reaped = 0;
        for (int left = ended.size(); left > 0; left--) {
            IoOperation operation = ended.remove(random.nextInt(left));
            reaped++;
            operation.ended(operation.result);
        }
        return reaped;
    }

    /** Whether something was started that the kernel has not taken yet. */
    public boolean holdsBack() {
        return !prepared.isEmpty();
    }

    /** What the descriptor would tell. */
    public boolean ready() {
        return !ended.isEmpty() || !prepared.isEmpty();
    }

    @Override
    public int readyFd() {
        return READY_FD;
    }

    @Override
    public int inProgress() {
        return prepared.size() + inKernel + ended.size();
    }

    @Override
    public void close() {
        while (inKernel > 0) {
            kernel.pass();
        }
    }
}
