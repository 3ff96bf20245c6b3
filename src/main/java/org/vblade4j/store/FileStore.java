// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.util.Arrays;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.sys.OsException;

/**
 * A regular file or block device, through the page cache or past it (O_DIRECT). Opened by {@link
 * FileStores}.
 *
 * <p>{@link #submit} only queues. {@link #kick} joins adjacent requests of one kind to runs and
 * starts those, up to the engine's depth; the rest waits for its turn. Nothing waits for a request
 * to another place.
 *
 * <p>Durable writes ({@code synced}): a write completes when an fdatasync(2) that began after its
 * data was written has succeeded, never before; one sync serves all writes that came while the last
 * one ran, see {@link Commit}. A flush completes likewise, in every mode.
 *
 * <p>A write never makes a regular file grow: its size is asked before the writes of each kick.
 */
final class FileStore implements BlockStore {
    private static final int OPEN_RUNS = RunPool.RESERVED;

    private final DiskFile file;
    private final DiskFile tail;
    private final IoEngine engine;
    private final StoreTraits traits;
    private final IoVectors vectors;
    private final RunPool pool;
    private final RunFlow flow;
    private final Commit commit;
    private final Run[] open = new Run[OPEN_RUNS];
    private int openCount;
    private StoreRequest[] queue = new StoreRequest[Run.MAX_REQUESTS];
    private StoreRequest[] taken = new StoreRequest[Run.MAX_REQUESTS];
    private int queued;
    private boolean kicking;
    private boolean closed;

    /**
     * @param tail the same file through the page cache, durable when written; null without {@code
     *     blocks}
     * @param blocks for direct transfers; null for those through the page cache
     * @param engine with {@code file} and {@code tail} as its files, one operation deeper than
     *     {@code depth}
     */
    FileStore(
            DiskFile file,
            DiskFile tail,
            DirectBlocks blocks,
            IoEngine engine,
            int depth,
            StoreTraits traits)
            throws OsException {
        this.file = file;
        this.tail = tail;
        this.engine = engine;
        this.traits = traits;
        commit = new Commit(engine, file);
        vectors = new IoVectors(RunPool.size(depth) * Run.MAX_REQUESTS);
        pool = new RunPool(depth, blocks, this::newRun);
        flow = new RunFlow(file, engine, commit, traits.durableWrites(), blocks, pool);
    }

    private Run newRun(int number) {
        return new Run(flow, vectors, number);
    }

    @Override
    public long sectors() {
        return file.sectors();
    }

    @Override
    public boolean absent() {
        return file.absent();
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        if (request.op() == StoreRequest.Op.FLUSH) {
            commit.add(request);
        } else if (request.op() == StoreRequest.Op.WRITE && traits.readOnly()) {
            request.complete(StoreStatus.READ_ONLY);
        } else if (!file.holds(request)) {
            request.complete(file.beyond());
        } else if (request.sectors() == 0) {
            request.complete(StoreStatus.OK);
        } else {
            enqueue(request);
        }
    }

    private void enqueue(StoreRequest request) {
        if (queued == queue.length) {
            queue = Arrays.copyOf(queue, 2 * queued);
        }
        queue[queued++] = request;
    }

    /** Completes something only when something was queued. */
    @Override
    public void kick() {
        if (kicking) {
            return; // a listener's; the outer one goes on with what it submitted
        }
        kicking = true;
        proceed(begin());
        kicking = false;
    }

    @Override
    public int poll() {
        kicking = true;
        engine.submit(); // what the kernel did not take before
        boolean reaped = engine.reap() > 0;
        proceed(begin() || reaped);
        kicking = false;
        return flow.takeCompleted() + commit.takeCompleted();
    }

    /** Starts what can start; false when that is nothing. */
    private boolean begin() {
        boolean started = startEnlarged();
        started |= startQueued();
        return commit.start() || started;
    }

    /** What the kernel refused and is now tried in larger blocks. */
    private boolean startEnlarged() {
        Run run = pool.takeEnlarged();
        boolean some = run != null;
        while (run != null) {
            flow.startAgain(run);
            run = pool.takeEnlarged();
        }
        return some;
    }

    private void proceed(boolean more) {
        while (more) {
            engine.submit();
            boolean reaped = engine.reap() > 0;
            more = begin() || reaped;
        }
    }

    /** Makes runs of what is queued and starts them; what cannot start yet stays. */
    private boolean startQueued() {
        int count = queued;
        if (count == 0) {
            return false;
        }
        StoreRequest[] batch = queue;
        queue = taken;
        taken = batch;
        queued = 0;
        boolean sized = false;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            StoreRequest request = batch[i];
            batch[i] = null;
            if (!sized && request.op() == StoreRequest.Op.WRITE) {
                file.aboutToWrite();
                sized = true;
            }
            if (!file.holds(request)) {
                request.complete(file.beyond());
            } else if (!join(request) && !begin(request)) {
                enqueue(request);
                kept++;
            }
        }
        while (openCount > 0) {
            startOldest();
        }
        return kept < count;
    }

    private boolean join(StoreRequest request) {
        for (int i = openCount - 1; i >= 0; i--) {
            Run run = open[i];
            if (run.continues(request) && !pool.conflicts(request, run)) {
                run.add(request);
                return true;
            }
        }
        return false;
    }

    private boolean begin(StoreRequest request) {
        if (openCount == OPEN_RUNS) {
            startOldest();
        }
        Run run = pool.begin(request);
        if (run == null) {
            return false;
        }
        open[openCount++] = run;
        return true;
    }

    private void startOldest() {
        Run oldest = open[0];
        openCount--;
        System.arraycopy(open, 1, open, 0, openCount);
        open[openCount] = null;
        flow.start(oldest);
    }

    @Override
    public int readyFd() {
        return engine.readyFd();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true; // the numbers may soon be other files'
        engine.close();
        file.close();
        if (tail != null) {
            tail.close();
        }
        vectors.close();
        pool.releaseMemory();
    }
}
