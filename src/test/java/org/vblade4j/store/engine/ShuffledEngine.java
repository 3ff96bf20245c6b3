// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;

/**
 * Runs operations late and in any order, as a disk may: some at each reap, from a seed. It also
 * moves fewer bytes than asked for, is interrupted, and fails operations on more than one request.
 */
public final class ShuffledEngine implements IoEngine {
    private final Random random;
    private final boolean faults;
    private final int[] fds;
    private final List<IoOperation> started = new ArrayList<>();
    private boolean held;
    private int total;

    /** The most that were in progress at once, and how many were of several segments. */
    public int most;

    public int vectored;

    /** What the next syncs answer: 0 or an errno. */
    public int syncErrno;

    /** Transfers of the first file that are no multiple of it are refused, as direct ones are. */
    public int blockBytes = 1;

    /** So are those of one segment whose memory does not lie at a multiple of it. */
    public int memoryBytes = 1;

    /** Of so many of those only one is refused, by chance, as a hole does not mind. */
    public int refusesOneOf = 1;

    /** Bytes moved by transfers of the first file. */
    public long movedBytes;

    public ShuffledEngine(Random random, boolean faults, int... fds) {
        this.random = random;
        this.faults = faults;
        this.fds = fds.clone();
    }

    /** Ends nothing until {@link #release}. */
    public void hold() {
        held = true;
    }

    public void release() {
        held = false;
    }

    /** Operations started ever. */
    public int started() {
        return total;
    }

    /** How many syncs are in progress. */
    public long syncs() {
        return started.stream().filter(o -> o.kind == IoOperation.Kind.SYNC).count();
    }

    @Override
    public String label() {
        return "shuffled";
    }

    @Override
    public void start(IoOperation operation) {
        started.add(operation);
        total++;
        most = Math.max(most, started.size());
        vectored += operation.segments > 1 ? 1 : 0;
    }

    @Override
    public void submit() {
        // They run when they are reaped.
    }

    @Override
    public int reap() {
        int ended = 0;
        while (!held && !started.isEmpty() && random.nextInt(4) > 0) {
            IoOperation operation = started.remove(random.nextInt(started.size()));
            ended++;
            operation.ended(run(operation));
        }
        return ended;
    }

    private int run(IoOperation operation) {
        if (operation.kind == IoOperation.Kind.SYNC) {
            return syncErrno == 0 ? operation.run(FileCalls.LIBC, fds[operation.file]) : -syncErrno;
        }
        if (operation.file == 0 && refuses(operation)) {
            return -Errno.EINVAL;
        }
        int fault = faults ? random.nextInt(8) : 0;
        if (fault == 1) {
            return -Errno.EINTR;
        }
        if (fault == 2 && operation.segments > 1) {
            return -Errno.EIO;
        }
        int length = operation.length;
        if (fault == 3 && operation.segments == 1 && length > 4096 && length % 4096 == 0) {
            operation.length = 4096;
            int moved = moved(operation);
            operation.length = length;
            return moved;
        }
        return moved(operation);
    }

    private boolean refuses(IoOperation operation) {
        boolean misplaced = operation.segments == 1 && operation.address % memoryBytes != 0;
        return (misplaced || (operation.position | operation.length) % blockBytes != 0)
                && (refusesOneOf == 1 || random.nextInt(refusesOneOf) == 0);
    }

    private int moved(IoOperation operation) {
        int moved = operation.run(FileCalls.LIBC, fds[operation.file]);
        movedBytes += operation.file == 0 ? Math.max(0, moved) : 0;
        return moved;
    }

    @Override
    public int readyFd() {
        return -1;
    }

    @Override
    public int inProgress() {
        return started.size();
    }

    @Override
    public void close() {
        // Nothing runs but within reap.
    }
}
