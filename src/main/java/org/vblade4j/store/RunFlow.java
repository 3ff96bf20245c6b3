// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.store.engine.IoOperation;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.OsException;

/**
 * Takes runs from their start to their requests' completion.
 *
 * <p>Through the page cache, reads go to the engine and writes are made at once: no file system
 * takes a buffered write without the risk of waiting, and handing it over costs more than it saves.
 * Direct transfers all go to the engine, in place when memory and range fit the disk's blocks, else
 * through aligned memory; a write of a part of a block reads the block first.
 */
final class RunFlow {
    /** The engine's file for transfers, and for the end of a file in direct mode. */
    static final int MAIN = 0;

    static final int TAIL = 1;

    private final DiskFile file;
    private final IoEngine engine;
    private final Commit commit;
    private final boolean synced;
    private final RunPool pool;

    /** The disk's blocks for direct transfers; null through the page cache. */
    private final DirectBlocks blocks;

    private int completed;

    RunFlow(
            DiskFile file,
            IoEngine engine,
            Commit commit,
            boolean synced,
            DirectBlocks blocks,
            RunPool pool) {
        this.file = file;
        this.engine = engine;
        this.commit = commit;
        this.synced = synced;
        this.blocks = blocks;
        this.pool = pool;
    }

    /** Requests completed since the last call. */
    int takeCompleted() {
        int taken = completed;
        completed = 0;
        return taken;
    }

    /** Starts a run's operation; it may end in here. */
    void start(Run run) {
        run.filling = false;
        try {
            if (blocks == null) {
                startCached(run);
            } else if (run.roundUp(run.partStart() + run.partBytes()) > file.knownBytes()) {
                startAtTail(run);
            } else {
                startDirect(run);
            }
        } catch (OsException e) { // no memory
            failed(run, e.errno());
        }
    }

    /** As {@link #start}, some time after its range was compared with the size. */
    void startAgain(Run run) {
        if (endsInside(run, run.partStart() + run.partBytes())) {
            start(run);
        } else if (run.merged()) {
            separate(run);
        } else {
            finish(run, file.beyond());
        }
    }

    /** Whether the file still reaches so far. Behind its end a write would make it grow. */
    private boolean endsInside(Run run, long endByte) {
        if (!run.writes()) {
            return true;
        }
        file.aboutToWrite();
        return endByte <= file.knownBytes();
    }

    private void startCached(Run run) throws OsException {
        run.durable = false;
        if (run.inPlace(1)) {
            run.useRequestMemory(MAIN, true);
        } else {
            run.useBounce(MAIN, true, run.partStart(), run.partBytes());
        }
        transfer(run);
    }

    /** The last, incomplete block of a file: a direct write would make the file grow. */
    private void startAtTail(Run run) throws OsException {
        run.durable = true;
        run.useBounce(TAIL, false, run.partStart(), run.partBytes());
        transfer(run);
    }

    private void startDirect(Run run) throws OsException {
        run.durable = false;
        long start = run.partStart();
        int bytes = run.partBytes();
        long first = run.roundDown(start);
        int span = (int) (run.roundUp(start + bytes) - first);
        if (span == bytes && run.inPlace(blocks.memoryBytes(run.blockBytes))) {
            run.useRequestMemory(MAIN, false);
        } else {
            run.useBounce(MAIN, false, first, span);
            run.filling = run.writes() && span != bytes;
        }
        transfer(run);
    }

    private void transfer(Run run) {
        if (run.filling) {
            run.again(IoOperation.Kind.READ);
        } else if (run.writes() && run.bounced) {
            run.copyIn();
        }
        proceed(run);
    }

    private void proceed(Run run) {
        if (blocks == null && run.writes()) {
            ended(run, run.run(file.calls(), file.fd()));
        } else {
            engine.start(run);
        }
    }

    /** An operation of the run has ended, with the bytes moved or an errno negated. */
    void ended(Run run, int result) {
        if (result < 0) {
            failed(run, -result);
        } else if (run.done + result == run.spanBytes) {
            complete(run);
        } else if (run.merged()) {
            separate(run);
        } else if (result == 0 || misfit(run, result)) {
            finish(run, statusAtEnd(run));
        } else {
            run.advance(result);
            goOn(run);
        }
    }

    /** With what is left of an operation, after some time. */
    private void goOn(Run run) {
        if (endsInside(run, run.spanStart + run.spanBytes)) {
            proceed(run);
        } else {
            startAgain(run);
        }
    }

    private void complete(Run run) {
        if (!run.filling) {
            finish(run, StoreStatus.OK);
            return;
        }
        if (!endsInside(run, run.spanStart + run.spanBytes)) {
            startAgain(run);
            return;
        }
        run.filling = false;
        run.copyIn();
        run.again(IoOperation.Kind.WRITE);
        proceed(run);
    }

    /** A direct transfer that stopped inside a block has met the end. */
    private boolean misfit(Run run, int result) {
        return direct(run) && run.roundDown(result) != result;
    }

    private boolean direct(Run run) {
        return blocks != null && !run.durable;
    }

    private void failed(Run run, int errno) {
        if (errno == Errno.EINTR) {
            startAgain(run);
        } else if (errno == Errno.EINVAL && direct(run) && pool.enlarge(run)) {
            return; // the pool has it
        } else if (run.merged()) {
            separate(run);
        } else {
            StoreStatus atEnd = statusAtEnd(run);
            finish(run, atEnd == StoreStatus.MEDIA_ERROR ? status(run, errno) : atEnd);
        }
    }

    /** Through the page cache a device lacks space only where it ends: it was away just then. */
    private StoreStatus status(Run run, int errno) {
        boolean wasAway =
                errno == Errno.ENOSPC && blocks == null && run.writes() && file.isDevice();
        return wasAway ? StoreStatus.UNAVAILABLE : StoreErrors.status(errno);
    }

    private void separate(Run run) {
        run.separate();
        startAgain(run);
    }

    /** A device that shrank gives ENOSPC or EIO; tells that from the medium's own errors. */
    private StoreStatus statusAtEnd(Run run) {
        file.refreshSize();
        return file.holds(run.first()) ? StoreStatus.MEDIA_ERROR : file.beyond();
    }

    private void finish(Run run, StoreStatus status) {
        if (status == StoreStatus.OK && run.bounced && !run.writes()) {
            run.copyOut();
        }
        if (status == StoreStatus.OK && direct(run)) {
            blocks.worked(run.blockBytes);
        }
        boolean commits = status == StoreStatus.OK && run.writes() && synced && !run.durable;
        for (StoreRequest done = run.takeDone(); done != null; done = run.takeDone()) {
            if (commits) {
                done.dataTaken();
                commit.add(done);
            } else {
                completed++;
                done.complete(status);
            }
        }
        if (run.nextAlone()) {
            startAgain(run);
        } else {
            pool.free(run);
        }
    }
}
