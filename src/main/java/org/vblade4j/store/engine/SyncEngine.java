// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import org.vblade4j.sys.FileCalls;

/** Runs each operation to its end when it is started: nothing is ever concurrent. */
final class SyncEngine implements IoEngine {
    private final FileCalls calls;
    private final int[] fds;
    private IoOperation first;
    private IoOperation last;
    private int count;

    SyncEngine(FileCalls calls, int... fds) {
        this.calls = calls;
        this.fds = fds.clone();
    }

    @Override
    public String label() {
        return "sync";
    }

    @Override
    public void start(IoOperation operation) {
        operation.result = operation.run(calls, fds[operation.file]);
        operation.next = null;
        if (first == null) {
            first = operation;
        } else {
            last.next = operation;
        }
        last = operation;
        count++;
    }

    @Override
    public void submit() {
        // Nothing waits for it.
    }

    @Override
    public int reap() {
        int ended = 0;
        while (first != null) {
            IoOperation operation = first;
            first = operation.next;
            count--;
            ended++;
            operation.ended(operation.result);
        }
        return ended;
    }

    @Override
    public int readyFd() {
        return -1;
    }

    @Override
    public int inProgress() {
        return count;
    }

    @Override
    public void close() {
        // Each operation has ended when start returns.
    }
}
