// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A regular file or block device through the page cache, each request one positional read or write.
 * Opened by {@link Stores#open}, which checks what it is first.
 *
 * <p>The size follows the file. {@link #sectors} asks the system at most once a second; a read that
 * finds the end, every write to a regular file and {@link #refreshSize} ask at once. A write to a
 * regular file must: past the end it would make the file grow.
 *
 * <p>Direct buffers are read and written in place. The thread must not be interrupted: that closes
 * the file, and every request from then on is {@link StoreStatus#UNAVAILABLE}.
 */
final class FileStore implements BlockStore {
    static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(1);

    private final FileChannel channel;
    private final DeviceKind kind;
    private final StoreTraits traits;
    private final LongSupplier clockNs;
    private long sectors;
    private long refreshedNs;

    private FileStore(
            FileChannel channel, DeviceKind kind, StoreTraits traits, LongSupplier clockNs) {
        this.channel = channel;
        this.kind = kind;
        this.traits = traits;
        this.clockNs = clockNs;
    }

    /**
     * Opens without any check of what the path is.
     *
     * @param clockNs a monotonic clock in nanoseconds, {@link System#nanoTime}
     */
    static FileStore open(
            Path path, DeviceKind kind, boolean readOnly, boolean synced, LongSupplier clockNs)
            throws IOException {
        Set<OpenOption> how = new HashSet<>(Set.of(StandardOpenOption.READ));
        if (!readOnly) {
            how.add(StandardOpenOption.WRITE);
        }
        if (synced) {
            how.add(StandardOpenOption.DSYNC);
        }
        FileChannel channel = FileChannel.open(path, how);
        try {
            int block = kind.physicalBlockBytes(path);
            StoreTraits traits = new StoreTraits(readOnly, true, synced, block);
            FileStore store = new FileStore(channel, kind, traits, clockNs);
            store.sectors = channel.size() / SECTOR_BYTES;
            store.refreshedNs = clockNs.getAsLong();
            return store;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public long sectors() {
        if (clockNs.getAsLong() - refreshedNs >= REFRESH_NS) {
            refreshSize();
        }
        return sectors;
    }

    /** Takes the size from the system now. When it cannot tell, the last one known stays. */
    void refreshSize() {
        refreshedNs = clockNs.getAsLong();
        try {
            sectors = channel.size() / SECTOR_BYTES;
        } catch (IOException e) {
            // The device is going away; the requests themselves report that.
            refreshedNs += REFRESH_NS;
        }
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        request.complete(execute(request));
    }

    /** Runs a request to its end without telling its listener. */
    StoreStatus execute(StoreRequest request) {
        return switch (request.op()) {
            case READ -> read(request);
            case WRITE -> write(request);
            case FLUSH -> flush();
        };
    }

    /** True when a write would not make a regular file grow. */
    boolean holds(StoreRequest request) {
        if (kind == DeviceKind.REGULAR_FILE || !request.within(sectors)) {
            refreshSize();
        }
        return request.within(sectors);
    }

    private StoreStatus read(StoreRequest request) {
        if (!request.within(sectors)) {
            refreshSize();
            if (!request.within(sectors)) {
                return StoreStatus.OUT_OF_RANGE;
            }
        }
        return transfer(request);
    }

    private StoreStatus write(StoreRequest request) {
        if (traits.readOnly()) {
            return StoreStatus.READ_ONLY;
        }
        return holds(request) ? transfer(request) : StoreStatus.OUT_OF_RANGE;
    }

    private StoreStatus transfer(StoreRequest request) {
        ByteBuffer buffer = request.buffer();
        int position = buffer.position();
        int limit = buffer.limit();
        buffer.limit(request.offset() + request.bytes()).position(request.offset());
        try {
            return transfer(buffer, request)
                    ? StoreStatus.OK
                    : shorter(request, StoreStatus.OUT_OF_RANGE);
        } catch (IOException e) {
            return shorter(request, StoreErrors.status(e));
        } finally {
            buffer.limit(limit).position(position);
        }
    }

    /** False when the end came first. */
    private boolean transfer(ByteBuffer buffer, StoreRequest request) throws IOException {
        long at = request.lba() * SECTOR_BYTES;
        boolean write = request.op() == StoreRequest.Op.WRITE;
        while (buffer.hasRemaining()) {
            int moved = write ? channel.write(buffer, at) : channel.read(buffer, at);
            if (moved <= 0) {
                return false;
            }
            at += moved;
        }
        return true;
    }

    /** A block device that shrank gives ENOSPC or EIO; tells that from the medium's own errors. */
    private StoreStatus shorter(StoreRequest request, StoreStatus otherwise) {
        refreshSize();
        return request.within(sectors) ? otherwise : StoreStatus.OUT_OF_RANGE;
    }

    private StoreStatus flush() {
        try {
            channel.force(false);
            return StoreStatus.OK;
        } catch (IOException e) {
            return StoreErrors.status(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
