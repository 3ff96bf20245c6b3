// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Moves data from a source to a sink, many chunks at once. Knows at any time up to where all is
 * stored, and with checkpoints up to where all is durable. {@link #run} blocks the one thread that
 * owns both ends; {@link #stop} is for any.
 */
public final class Copier {
    /** Whoever wants to know how far it is; called often, so it must be quick. */
    @FunctionalInterface
    public interface Watcher {
        /** All of the first so many bytes are stored. */
        void at(long storedBytes);
    }

    /** Keeps the record of a copy that may have to be taken up again. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * All of the first so many bytes are durable.
         *
         * @throws IOException the record could not be kept, which ends the copy
         */
        void durable(long bytes) throws IOException;
    }

    /** What is in progress may end within this time of {@link #stop}; then it is left. */
    private static final long DRAIN_NS = TimeUnit.SECONDS.toNanos(3);

    private final Source source;
    private final Sink sink;
    private final long lengthBytes;
    private final CopySettings settings;
    private final LongSupplier clockNs;
    private final AdaptiveIdle idle;
    private final Chunk[] chunks;
    private volatile boolean stopping;
    private Watcher watcher = bytes -> {};
    private Keeper keeper;
    private long nextPosition;
    private long endBytes;
    private int head;
    private int inProgress;
    private long storedBytes;
    private long durableBytes;
    private long holeBytes;
    private long checkpointNs;
    private boolean flushing;

    /** A chunk was placed in a file that is mapped into memory. */
    private boolean placed;

    private String failure;

    /**
     * @param startBytes where to take up: what lies before was copied by an earlier run
     * @param lengthBytes how much there is from position 0, or -1: all that the source gives
     * @param idle called when nothing happens: waits for the ends, for a tenth of a second at most,
     *     or moves a virtual clock
     */
    public Copier(
            Source source,
            Sink sink,
            long startBytes,
            long lengthBytes,
            CopySettings settings,
            LongSupplier clockNs,
            Runnable idle) {
        this.source = source;
        this.sink = sink;
        this.lengthBytes = lengthBytes;
        this.settings = settings;
        this.clockNs = clockNs;
        this.idle = new AdaptiveIdle(clockNs, idle);
        chunks = new Chunk[settings.chunks()];
        int bytes = settings.chunkBytes();
        ByteBuffer memory = ByteBuffer.allocateDirect(chunks.length * bytes);
        for (int i = 0; i < chunks.length; i++) {
            chunks[i] = new Chunk(memory, i * bytes, bytes);
        }
        nextPosition = startBytes;
        storedBytes = startBytes;
        durableBytes = startBytes;
        endBytes = lengthBytes < 0 ? Long.MAX_VALUE : lengthBytes;
    }

    /** Before {@link #run}: tells someone how far it is. */
    public void watch(Watcher watcher) {
        this.watcher = watcher;
    }

    /** Before {@link #run}: from time to time makes durable what is stored, and records it. */
    public void keep(Keeper keeper) {
        this.keeper = keeper;
    }

    /** Any thread: starts nothing more, lets what is in progress end, and makes it durable. */
    public void stop() {
        stopping = true;
        source.cancel();
    }

    /** Copies; once only. */
    public CopyReport run() {
        long startNs = clockNs.getAsLong();
        checkpointNs = startNs;
        try {
            moveAll();
            finish();
        } catch (InternalError e) { // Java's word for a mapped page that is gone, soon after
            if (!placed) {
                throw e;
            }
            fail(sink.name() + " has become shorter, or its memory fails: " + e.getMessage());
        }
        return new CopyReport(
                storedBytes,
                durableBytes,
                holeBytes,
                stopping && storedBytes < endBytes,
                failure,
                clockNs.getAsLong() - startNs);
    }

    private void moveAll() {
        long stopNs = 0;
        while (!finished() && (stopNs == 0 || clockNs.getAsLong() - stopNs < DRAIN_NS)) {
            boolean moved = readAhead();
            moved |= source.poll() + sink.poll() > 0;
            moved |= advance();
            watcher.at(storedBytes);
            checkpoint();
            if (stopNs == 0 && (stopping || failure != null)) {
                stopNs = clockNs.getAsLong();
            }
            if (moved) {
                idle.over();
            } else if (!finished()) {
                idle.pause();
            }
        }
    }

    private boolean finished() {
        boolean more = failure == null && !stopping && nextPosition < endBytes;
        return !more && inProgress == 0 && !flushing;
    }

    private boolean readAhead() {
        boolean moved = false;
        while (failure == null
                && !stopping
                && inProgress < chunks.length
                && nextPosition < endBytes) {
            Chunk chunk = chunks[(head + inProgress) % chunks.length];
            int bytes = (int) Math.min(settings.chunkBytes(), endBytes - nextPosition);
            bytes = sink.skipsHoles() ? source.alike(nextPosition, bytes) : bytes;
            chunk.begin(nextPosition, bytes, sink.gathers());
            if (source.scatters()) {
                sink.place(chunk);
                placed |= chunk.placed();
            }
            nextPosition += bytes;
            inProgress++;
            read(chunk, bytes);
            moved = true;
        }
        return moved;
    }

    private void read(Chunk chunk, int bytes) {
        source.read(chunk);
        if (chunk.state() == Chunk.State.FULL && chunk.bytes() < bytes) {
            sourceEnded(chunk);
        }
    }

    /**
     * Only a source of unknown length may end, and then nothing was asked for behind this chunk
     * yet: it does not lend.
     */
    private void sourceEnded(Chunk chunk) {
        nextPosition = chunk.position() + chunk.bytes();
        endBytes = stopping ? endBytes : nextPosition;
        if (lengthBytes >= 0 && !stopping) {
            long now = source.bytes(); // an earlier chunk may have been read before it shrank
            long ended = now < 0 ? endBytes : Math.min(endBytes, now);
            fail(source.name() + " ended after " + ended + " bytes, expected " + lengthBytes);
        }
    }

    /** Hands full chunks to the sink, oldest first, and takes back those that are stored. */
    private boolean advance() {
        boolean moved = false;
        for (int i = 0; i < inProgress; i++) {
            Chunk chunk = chunks[(head + i) % chunks.length];
            if (chunk.state() == Chunk.State.FULL && (i == 0 || !sink.inOrder())) {
                store(chunk);
                moved = true;
            }
        }
        while (inProgress > 0 && chunks[head].state() == Chunk.State.DONE) {
            if (chunks[head].unsent()) {
                copyAgain(chunks[head]);
            } else {
                retire(chunks[head]);
            }
            moved = true;
        }
        return moved;
    }

    private void store(Chunk chunk) {
        chunk.beginWriting();
        if (chunk.bytes() == 0) {
            chunk.stored();
        } else {
            holeBytes += chunk.hole() ? chunk.bytes() : 0;
            sink.write(chunk);
        }
    }

    /** The file has shrunk, its disk fails, or the sink refuses: reading and writing it tells. */
    private void copyAgain(Chunk chunk) {
        int bytes = chunk.bytes();
        chunk.begin(chunk.position(), bytes, false);
        read(chunk, bytes);
    }

    private void retire(Chunk chunk) {
        head = (head + 1) % chunks.length;
        inProgress--;
        if (chunk.failure() == null) {
            storedBytes += storedBytes == chunk.position() ? chunk.bytes() : 0;
        } else if (!chunk.unread() || !stopping) { // a read that we ended is no failure
            String name = chunk.unread() ? source.name() : sink.name();
            fail(name + " " + chunk.failure() + ", at byte " + chunk.position());
        }
        chunk.release();
    }

    private void fail(String reason) {
        failure = failure == null ? reason : failure;
    }

    private void checkpoint() {
        if (keeper == null || flushing || storedBytes == durableBytes) {
            return;
        }
        long nowNs = clockNs.getAsLong();
        if (nowNs - checkpointNs >= settings.checkpointNs()) {
            checkpointNs = nowNs;
            flush();
        }
    }

    private void flush() {
        long bytes = storedBytes;
        flushing = true;
        sink.flush(
                reason -> {
                    flushing = false;
                    if (reason == null) {
                        record(bytes);
                    } else {
                        fail(sink.name() + " " + reason + ", in making it durable");
                    }
                });
    }

    private void record(long bytes) {
        durableBytes = bytes;
        if (keeper != null) {
            try {
                keeper.durable(bytes);
            } catch (IOException e) {
                fail(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Also after a failure: what is stored so far is worth keeping. */
    private void finish() {
        try {
            sink.end(storedBytes);
        } catch (IOException e) {
            fail(sink.name() + ": " + e.getMessage());
        }
        long startNs = clockNs.getAsLong();
        if (!flushing) {
            flush();
        }
        while (flushing && (!stopping || clockNs.getAsLong() - startNs < DRAIN_NS)) {
            if (sink.poll() == 0) {
                idle.pause();
            }
        }
        watcher.at(storedBytes);
    }
}
