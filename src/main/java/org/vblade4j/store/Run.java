// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.nio.ByteBuffer;
import org.vblade4j.store.engine.IoOperation;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Adjacent requests of one kind that go to the kernel as one operation; reused for many.
 *
 * <pre>
 * requests:  | done before ... | from ... to: in the operation | later |
 * </pre>
 *
 * All of them are in the operation at first. When that fails they are done again, each alone, so
 * that one bad sector fails only those who asked for it.
 */
final class Run extends IoOperation {
    static final int MAX_REQUESTS = 64;

    /** Keeps one operation's time short; a single request may be larger. */
    private static final int MAX_BYTES = 512 * 1024;

    private final RunFlow flow;
    private final IoVectors vectors;
    private final int vectorsAt;
    private final StoreRequest[] requests = new StoreRequest[MAX_REQUESTS];
    private int count;
    private int from;
    private int to;
    private boolean writes;
    private long startByte;
    private int totalBytes;
    private NativeMemory bounce;

    /** Bytes of the operation that have been moved. */
    int done;

    /** Where the operation starts and how long it is, blocks read for their neighbours included. */
    long spanStart;

    int spanBytes;

    /**
     * Direct transfers are made in blocks of this size, and no other run writes to one that this
     * writes to; set by the pool. 1 through the page cache.
     */
    int blockBytes;

    /** It goes through memory of its own. */
    boolean bounced;

    /** It is reading the blocks that it will write a part of. */
    boolean filling;

    /** It went through the page cache to a file that is opened so that it is durable when done. */
    boolean durable;

    Run(RunFlow flow, IoVectors vectors, int index) {
        this.flow = flow;
        this.vectors = vectors;
        this.vectorsAt = index * MAX_REQUESTS;
    }

    void begin(StoreRequest request) {
        count = 0;
        totalBytes = 0;
        startByte = request.lba() * BlockStore.SECTOR_BYTES;
        writes = request.op() == StoreRequest.Op.WRITE;
        add(request);
    }

    /** Whether the request goes on where this ends. */
    boolean continues(StoreRequest request) {
        return writes == (request.op() == StoreRequest.Op.WRITE)
                && request.lba() * BlockStore.SECTOR_BYTES == startByte + totalBytes
                && count < MAX_REQUESTS
                && totalBytes + request.bytes() <= MAX_BYTES;
    }

    void add(StoreRequest request) {
        requests[count++] = request;
        totalBytes += request.bytes();
        from = 0;
        to = count;
    }

    boolean writes() {
        return writes;
    }

    /** Whether its blocks, of all its requests, have bytes from here to there. */
    boolean touches(long start, long end) {
        return start < roundUp(startByte + totalBytes) && roundDown(startByte) < end;
    }

    /** Whether its blocks have bytes of the other's. */
    boolean touches(Run other) {
        return touches(
                other.roundDown(other.startByte),
                other.roundUp(other.startByte + other.totalBytes));
    }

    /** To the end of the block. */
    long roundUp(long at) {
        return (at + blockBytes - 1) & -blockBytes;
    }

    /** To the start of the block. */
    long roundDown(long at) {
        return at & -blockBytes;
    }

    /** The part that is in the operation. */
    long partStart() {
        return requests[from].lba() * BlockStore.SECTOR_BYTES;
    }

    int partBytes() {
        StoreRequest last = requests[to - 1];
        return (int) (last.lba() * BlockStore.SECTOR_BYTES + last.bytes() - partStart());
    }

    StoreRequest first() {
        return requests[from];
    }

    /** More than one request is in the operation. */
    boolean merged() {
        return to - from > 1;
    }

    /** From here on one request at a time, beginning with the first that is not done. */
    void separate() {
        to = from + 1;
    }

    /** Takes out the requests of the operation, one by one; null when there are no more of it. */
    StoreRequest takeDone() {
        if (from == to) {
            return null;
        }
        StoreRequest taken = requests[from];
        requests[from++] = null;
        return taken;
    }

    /** Goes on to the next request alone; false when all are done. */
    boolean nextAlone() {
        if (from == count) {
            return false;
        }
        to = from + 1;
        return true;
    }

    /**
     * Whether each request is of whole blocks in memory that is aligned so, and is no array of the
     * Java heap.
     */
    boolean inPlace(int memoryBytes) {
        for (int i = from; i < to; i++) {
            StoreRequest request = requests[i];
            if (!request.buffer().isDirect()
                    || (address(request) & (memoryBytes - 1)) != 0
                    || (request.bytes() & (blockBytes - 1)) != 0) {
                return false;
            }
        }
        return true;
    }

    private long address(StoreRequest request) {
        return vectors.address(request.buffer()) + request.offset();
    }

    /** Fills in an operation on the requests' own memory. */
    void useRequestMemory(int file, boolean cached) {
        prepare(file, cached, partStart(), partBytes());
        bounced = false;
        segments = to - from;
        if (segments == 1) {
            address = address(requests[from]);
            return;
        }
        for (int i = from; i < to; i++) {
            vectors.put(vectorsAt + i - from, address(requests[i]), requests[i].bytes());
        }
        address = vectors.address(vectorsAt);
    }

    /** Fills in an operation on memory of the run's own, page aligned. */
    void useBounce(int file, boolean cached, long start, int bytes) throws OsException {
        prepare(file, cached, start, bytes);
        if (bounce == null || bounce.lengthBytes() < bytes) {
            releaseMemory();
            bounce = NativeMemory.allocate(bytes);
        }
        bounced = true;
        segments = 1;
        address = bounce.address();
    }

    private void prepare(int file, boolean cached, long start, int bytes) {
        kind = writes ? Kind.WRITE : Kind.READ;
        this.file = file;
        this.cached = cached && !writes;
        spanStart = start;
        spanBytes = bytes;
        position = start;
        length = bytes;
        done = 0;
    }

    /** As it was filled in, to read or to write. */
    void again(Kind how) {
        kind = how;
        position = spanStart;
        length = spanBytes;
        address -= done;
        done = 0;
    }

    /** The rest of an operation of one segment, after some bytes were moved. */
    void advance(int bytes) {
        done += bytes;
        address += bytes;
        position += bytes;
        length -= bytes;
    }

    /** Between the run's own memory and the requests'. */
    void copyIn() {
        for (int i = from; i < to; i++) {
            StoreRequest request = requests[i];
            ByteBuffer buffer = request.buffer();
            bounce.buffer().put(offset(request), buffer, request.offset(), request.bytes());
        }
    }

    void copyOut() {
        for (int i = from; i < to; i++) {
            StoreRequest request = requests[i];
            ByteBuffer buffer = request.buffer();
            buffer.put(request.offset(), bounce.buffer(), offset(request), request.bytes());
        }
    }

    private int offset(StoreRequest request) {
        return (int) (request.lba() * BlockStore.SECTOR_BYTES - spanStart);
    }

    void releaseMemory() {
        if (bounce != null) {
            bounce.close();
            bounce = null;
        }
    }

    @Override
    protected void ended(int result) {
        flow.ended(this, result);
    }
}
