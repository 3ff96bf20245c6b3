// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * Asks the kernel whether anybody has a file open for writing, whoever that is and whether or not
 * its descriptors may be seen: a read lease (fcntl(2), F_SETLEASE) is granted on no such file. It
 * is given back at once.
 */
enum Lease {
    NOBODY_WRITES,
    SOMEBODY_WRITES,
    /** Not a regular file, another user's, or on a file system without leases. */
    UNKNOWN;

    private static final int LOOKS = 25;
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(20);

    /** To be asked while this process has the file open for reading only. */
    static Lease ask(FileLock file) {
        // The signal that a lease is to be given back would otherwise be SIGIO, which ends a
        // process.
        if (file.control(Linux.F_SETSIG, Linux.SIGURG) != 0) {
            return UNKNOWN;
        }
        if (file.control(Linux.F_SETLEASE, Linux.F_RDLCK) != 0) {
            return Libc.errno() == Errno.EAGAIN ? SOMEBODY_WRITES : UNKNOWN;
        }
        file.control(Linux.F_SETLEASE, Linux.F_UNLCK);
        return NOBODY_WRITES;
    }

    /**
     * The same of a file that this process has not opened. What a process that was killed had open
     * may be closed a moment later, so a writer is believed when it stays; one that locks what it
     * writes is left to the locks.
     */
    static Lease ask(Path path) {
        FileLock file = FileLock.openToRead(path);
        if (file == null) {
            return UNKNOWN;
        }
        Lease answer = ask(file);
        for (int i = 0; i < LOOKS && answer == SOMEBODY_WRITES; i++) {
            if (file.anyLockElsewhere()) {
                answer = UNKNOWN;
            } else {
                LockSupport.parkNanos(PAUSE_NS);
                answer = ask(file);
            }
        }
        file.close();
        return answer;
    }
}
