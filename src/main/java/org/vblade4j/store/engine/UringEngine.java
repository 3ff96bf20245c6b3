// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.sys.IoUring;
import org.vblade4j.sys.OsException;

/** Runs operations in the kernel, through an io_uring. */
final class UringEngine implements IoEngine {
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private final IoUring ring;
    private final RetryDescriptor ready;
    private final IoOperation[] operations;
    private final int[] free;
    private int freeCount;

    /**
     * @param depth operations in progress at most
     * @throws OsException the kernel has no io_uring, too old a one, or forbids it
     */
    UringEngine(int depth, int... fds) throws OsException {
        this(depth, IoUring::enter, fds);
    }

    UringEngine(int depth, IoUring.Enter enter, int... fds) throws OsException {
        ring = IoUring.open(depth, enter, fds);
        try {
            ready = new RetryDescriptor(ring.fd());
        } catch (OsException e) {
            ring.close();
            throw e;
        }
        operations = new IoOperation[depth];
        free = new int[depth];
        for (int i = 0; i < depth; i++) {
            free[freeCount++] = depth - 1 - i;
        }
    }

    @Override
    public String label() {
        return "uring";
    }

    @Override
    public void start(IoOperation operation) {
        int index = free[--freeCount];
        operations[index] = operation;
        boolean one = operation.segments == 1;
        int opcode =
                switch (operation.kind) {
                    case READ -> one ? IoUring.OP_READ : IoUring.OP_READV;
                    case WRITE -> one ? IoUring.OP_WRITE : IoUring.OP_WRITEV;
                    case SYNC -> IoUring.OP_FSYNC;
                };
        boolean sync = operation.kind == IoOperation.Kind.SYNC;
        ring.prepare(
                opcode,
                operation.file,
                sync ? 0 : operation.address,
                sync ? 0 : one ? operation.length : operation.segments,
                sync ? 0 : operation.position,
                sync ? IoUring.FSYNC_DATASYNC : 0,
                index);
    }

    @Override
    public void submit() {
        if (ring.submit()) {
            ready.done();
        } else {
            ready.retry(); // with nothing else in progress the ring would never tell
        }
    }

    @Override
    public int reap() {
        int ended = 0;
        while (freeCount < operations.length && ring.hasCompletion()) {
            int index = ring.userData();
            int result = ring.result();
            ring.advance();
            IoOperation operation = operations[index];
            operations[index] = null;
            free[freeCount++] = index;
            ended++;
            operation.ended(result);
        }
        return ended;
    }

    @Override
    public int readyFd() {
        return ready.number();
    }

    @Override
    public int inProgress() {
        return operations.length - freeCount;
    }

    @Override
    public void close() {
        boolean interrupted = false;
        while (inKernel()) {
            LockSupport.parkNanos(this, LOOK_NS);
            interrupted |= Thread.interrupted(); // else it would not park any more
        }
        ready.close();
        ring.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is finished need not have been reaped, and what was not submitted never will be. */
    private boolean inKernel() {
        return ring.posted() < inProgress() - ring.unsubmitted();
    }
}
