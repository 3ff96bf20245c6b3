// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Runs operations on threads that wait for the disk, for systems without io_uring. Reads that the
 * page cache can answer are tried at once (preadv2(2), RWF_NOWAIT) and need no thread.
 *
 * <p>The thread that starts operations gives each to one idle worker, which has nobody to share
 * with; finished ones come back on a stack that workers push to and that thread takes whole.
 */
final class ThreadEngine implements IoEngine {
    private static final VarHandle FINISHED;

    static {
        try {
            FINISHED =
                    MethodHandles.lookup()
                            .findVarHandle(ThreadEngine.class, "finished", IoOperation.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int ONE_AT = 64;
    private static final int COUNT_AT = 128;

    private final FileCalls calls;
    private final int[] fds;
    private final int event;
    private final NativeMemory scratch;
    private final ByteBuffer words;
    private final IoWorker[] workers;
    private final IoWorker[] idle;
    private final IoOperation[] waiting;
    private final boolean[] nowaitRefused;
    private int idleCount;
    private int workerCount;
    private int waitingHead;
    private int waitingCount;
    private int inProgress;
    private volatile IoOperation finished;
    private volatile boolean closed;

    /**
     * @param depth operations in progress at most
     * @param threads how many of those may run at once; started as they are needed
     */
    ThreadEngine(FileCalls calls, int depth, int threads, int... fds) throws OsException {
        this.calls = calls;
        this.fds = fds.clone();
        nowaitRefused = new boolean[fds.length];
        workers = new IoWorker[threads];
        idle = new IoWorker[threads];
        waiting = new IoOperation[depth];
        scratch = NativeMemory.allocate(NativeMemory.PAGE_BYTES);
        words = Libc.wrap(scratch.address(), scratch.lengthBytes()).order(ByteOrder.nativeOrder());
        words.putLong(ONE_AT, 1);
        event = Libc.eventfd(0, Linux.EFD_CLOEXEC | Linux.EFD_NONBLOCK);
        if (event < 0) {
            OsException refused = OsException.last("eventfd");
            scratch.close();
            throw refused;
        }
    }

    @Override
    public String label() {
        return "threads";
    }

    @Override
    public void start(IoOperation operation) {
        inProgress++;
        boolean read = operation.kind == IoOperation.Kind.READ;
        if (read && operation.cached && readNow(operation)) {
            finish(operation);
        } else if (idleCount > 0) {
            idle[--idleCount].give(operation);
        } else if (workerCount < workers.length) {
            workers[workerCount++] = IoWorker.start(this, operation, workerCount);
        } else {
            waiting[(waitingHead + waitingCount++) % waiting.length] = operation;
        }
    }

    /** True when it is done: all of it was in the page cache, or the system has no such call. */
    private boolean readNow(IoOperation operation) {
        if (nowaitRefused[operation.file]) {
            return false;
        }
        long vector = operation.address;
        if (operation.segments == 1) {
            vector = scratch.address();
            words.putLong(0, operation.address).putLong(8, operation.length);
        }
        long moved =
                calls.preadv2(
                        fds[operation.file],
                        vector,
                        operation.segments,
                        operation.position,
                        Linux.RWF_NOWAIT);
        if (moved == operation.length) {
            operation.result = (int) moved;
            return true;
        }
        if (moved < 0) {
            nowaitRefused[operation.file] = moved == -Errno.EOPNOTSUPP || moved == -Errno.ENOSYS;
        }
        return false;
    }

    @Override
    public void submit() {
        // Workers run as soon as they are given something.
    }

    /** By a worker: to its end. */
    int run(IoOperation operation) {
        return operation.run(calls, fds[operation.file]);
    }

    /** By a worker, or for what was done at once. True when nothing else was finished. */
    private boolean finish(IoOperation operation) {
        IoOperation top;
        do {
            top = finished;
            operation.next = top;
        } while (!FINISHED.compareAndSet(this, top, operation));
        return top == null;
    }

    /** By a worker: hands an operation back and wakes who waits for it. */
    void handBack(IoOperation operation) {
        if (finish(operation)) {
            Libc.write(event, scratch.address() + ONE_AT, Long.BYTES);
        }
    }

    @Override
    public int reap() {
        IoOperation stack = finished;
        if (stack == null) {
            return 0;
        }
        Libc.read(event, scratch.address() + COUNT_AT, Long.BYTES); // before the stack is taken
        stack = (IoOperation) FINISHED.getAndSet(this, null);
        int ended = 0;
        while (stack != null) {
            IoOperation operation = stack;
            stack = operation.next;
            inProgress--;
            ended++;
            release(operation);
            operation.ended(operation.result);
        }
        return ended;
    }

    /** Its worker goes on with what waits. */
    private void release(IoOperation operation) {
        IoWorker worker = operation.worker;
        operation.worker = null;
        if (worker == null) {
            return;
        }
        if (waitingCount > 0) {
            IoOperation next = waiting[waitingHead];
            waitingHead = (waitingHead + 1) % waiting.length;
            waitingCount--;
            worker.give(next);
        } else {
            idle[idleCount++] = worker;
        }
    }

    @Override
    public int readyFd() {
        return event;
    }

    @Override
    public int inProgress() {
        return inProgress;
    }

    @Override
    public void close() {
        closed = true;
        for (int i = 0; i < workerCount; i++) {
            workers[i].wakeUp();
        }
        for (int i = 0; i < workerCount; i++) {
            workers[i].awaitEnd();
        }
        Libc.close(event);
        scratch.close();
    }

    /** True for workers that have nothing more to come. */
    boolean closed() {
        return closed;
    }
}
