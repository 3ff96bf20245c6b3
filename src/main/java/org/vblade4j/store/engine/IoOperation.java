// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;

/**
 * One read, write or flush of the kernel's; reused for many. Its owner fills it in, gives it to an
 * {@link IoEngine} and leaves it and the memory it names alone until {@link #ended}.
 */
public abstract class IoOperation {
    /** What is to be done. */
    public enum Kind {
        READ,
        WRITE,
        /** Everything written to the file before goes to the medium. */
        SYNC
    }

    /** What it does. */
    protected Kind kind = Kind.SYNC;

    /** Index of the engine's file that it is done to. */
    protected int file;

    /** Of the data if there is one segment, else of so many iovecs. */
    protected long address;

    protected int segments;

    /** Bytes in all segments. */
    protected int length;

    /** In the file, in bytes. */
    protected long position;

    /** A read that the page cache may answer at once. */
    protected boolean cached;

    /** These are for the engine that runs it. */
    int result;

    IoOperation next;
    IoWorker worker;

    /**
     * Called once for each start, on the thread that reaps.
     *
     * @param result bytes moved, which may be fewer than asked for, or an errno negated
     */
    protected abstract void ended(int result);

    /**
     * Runs it to its end on the calling thread, which may wait; the result as for {@link #ended}.
     */
    public final int run(FileCalls calls, int fd) {
        while (true) {
            long moved =
                    switch (kind) {
                        case SYNC -> calls.fdatasync(fd);
                        case READ ->
                                segments == 1
                                        ? calls.pread(fd, address, length, position)
                                        : calls.preadv(fd, address, segments, position);
                        case WRITE ->
                                segments == 1
                                        ? calls.pwrite(fd, address, length, position)
                                        : calls.pwritev(fd, address, segments, position);
                    };
            if (moved != -Errno.EINTR) {
                return (int) moved;
            }
        }
    }
}
