// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.OsException;

/** Chooses the engine that a store runs on. */
public final class Engines {
    private static final System.Logger LOG = System.getLogger(Engines.class.getName());
    private static final int MAX_THREADS = 64;

    private Engines() {}

    /**
     * Opens what is asked for; for {@link EngineChoice#AUTO} the first of io_uring and threads that
     * the system grants.
     *
     * @param calls what engines make that have no ring of the kernel's
     * @param depth operations in progress at most
     * @param fds the files, which operations name by their index here
     * @throws OsException the engine that was asked for by name is not to be had
     */
    public static IoEngine open(FileCalls calls, EngineChoice choice, int depth, int... fds)
            throws OsException {
        return switch (choice) {
            case SYNC -> new SyncEngine(calls, fds);
            case THREADS -> threads(calls, depth, fds);
            case URING -> new UringEngine(depth, fds);
            case AUTO -> auto(calls, depth, fds);
        };
    }

    private static IoEngine auto(FileCalls calls, int depth, int... fds) throws OsException {
        try {
            return new UringEngine(depth, fds);
        } catch (OsException e) {
            // Switched off (kernel.io_uring_disabled), filtered, or a kernel without it.
            boolean expected = e.errno() == Errno.EPERM || e.errno() == Errno.ENOSYS;
            LOG.log(
                    expected ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "no io_uring, using threads: {0}",
                    e.getMessage());
            return threads(calls, depth, fds);
        }
    }

    private static IoEngine threads(FileCalls calls, int depth, int... fds) throws OsException {
        return new ThreadEngine(calls, depth, Math.min(depth, MAX_THREADS), fds);
    }
}
