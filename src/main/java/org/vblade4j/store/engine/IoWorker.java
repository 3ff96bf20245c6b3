// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.util.concurrent.locks.LockSupport;

/** One thread of a {@link ThreadEngine}, with room for one operation at a time. */
final class IoWorker implements Runnable {
    private static final long STACK_BYTES = 256 * 1024;

    private final ThreadEngine engine;
    private final Thread thread;
    private volatile IoOperation given;

    private IoWorker(ThreadEngine engine, String name) {
        this.engine = engine;
        thread = new Thread(null, this, name, STACK_BYTES);
        thread.setDaemon(true);
    }

    /** In the calling thread's group, and named after that thread. */
    static IoWorker start(ThreadEngine engine, IoOperation first, int number) {
        String name = Thread.currentThread().getName() + "-io" + number;
        IoWorker worker = new IoWorker(engine, name);
        worker.accept(first);
        worker.thread.start();
        return worker;
    }

    private void accept(IoOperation operation) {
        operation.worker = this;
        given = operation;
    }

    /** By the engine's thread, while this worker is idle. */
    void give(IoOperation operation) {
        accept(operation);
        wakeUp();
    }

    void wakeUp() {
        LockSupport.unpark(thread);
    }

    @Override
    public void run() {
        while (true) {
            IoOperation operation = given;
            if (operation != null) {
                given = null;
                operation.result = engine.run(operation);
                engine.handBack(operation);
            } else if (engine.closed()) {
                return;
            } else {
                LockSupport.park(this);
            }
        }
    }

    /** Returns when its last operation has ended, after {@link ThreadEngine#closed}. */
    void awaitEnd() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
