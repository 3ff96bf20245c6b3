// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.function.LongSupplier;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.OsException;

/**
 * What lies below the stores of a chain; a test may put something else there.
 *
 * @param calls system calls on files
 * @param engines opens what runs operations
 * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
 */
record Platform(FileCalls calls, EngineOpener engines, LongSupplier clockNs) {
    /** As {@link Engines#open}. */
    @FunctionalInterface
    interface EngineOpener {
        IoEngine open(FileCalls calls, EngineChoice choice, int depth, int... fds)
                throws OsException;
    }

    /** The running system. */
    static final Platform SYSTEM = new Platform(FileCalls.LIBC, Engines::open, System::nanoTime);

    IoEngine openEngine(StoreOptions options, int... fds) throws OsException {
        // One more than may be in progress, for the sync.
        return engines.open(calls, options.engine(), options.depth() + 1, fds);
    }
}
