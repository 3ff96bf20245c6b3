// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * A remote disk as the JDK's channel: any position, any length, blocking. Writes that do not cover
 * whole sectors read the rest first. One thread, which owns the disk meanwhile. {@link #close}
 * leaves the disk open.
 */
public final class DiskChannel implements SeekableByteChannel {
    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    /** Many frames, so that the window stays full within one request. */
    private static final int BUFFER_BYTES = 1 << 20;

    private final RemoteDisk disk;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final StoreRequest request = new StoreRequest(done -> finished());
    private boolean busy;
    private boolean open = true;
    private long position;

    public DiskChannel(RemoteDisk disk) {
        this.disk = disk;
    }

    private void finished() {
        busy = false;
    }

    /** At most a mebibyte a call. */
    @Override
    public int read(ByteBuffer destination) throws IOException {
        checkOpen();
        long rest = size() - position;
        if (rest <= 0) {
            return -1;
        }
        int skip = (int) (position % SECTOR);
        int bytes = (int) Math.min(Math.min(destination.remaining(), rest), BUFFER_BYTES - skip);
        if (bytes > 0) {
            int sectors = (skip + bytes + SECTOR - 1) / SECTOR;
            run(request.read(position / SECTOR, sectors, buffer, 0));
            destination.put(destination.position(), buffer, skip, bytes);
            destination.position(destination.position() + bytes);
            position += bytes;
        }
        return bytes;
    }

    /**
     * Writes all that remains.
     *
     * @throws IOException the disk ends before, or refuses; what was written until then stays
     */
    @Override
    public int write(ByteBuffer source) throws IOException {
        checkOpen();
        if (source.remaining() > size() - position) {
            throw new IOException("a write beyond the disk's end");
        }
        int all = source.remaining();
        while (source.hasRemaining()) {
            int skip = (int) (position % SECTOR);
            int bytes = Math.min(source.remaining(), BUFFER_BYTES - skip);
            int sectors = (skip + bytes + SECTOR - 1) / SECTOR;
            long lba = position / SECTOR;
            if (skip + bytes < sectors * SECTOR || skip > 0) {
                run(request.read(lba, sectors, buffer, 0));
            }
            buffer.put(skip, source, source.position(), bytes);
            run(request.write(lba, sectors, buffer, 0));
            source.position(source.position() + bytes);
            position += bytes;
        }
        return all;
    }

    /** All that was written is on the medium, as far as the target keeps that promise. */
    public void force() throws IOException {
        checkOpen();
        run(request.flush());
    }

    private void run(StoreRequest filled) throws IOException {
        busy = true;
        disk.submit(filled);
        disk.poll();
        while (busy) {
            disk.await(-1);
            disk.poll();
        }
        if (filled.status() != StoreStatus.OK) {
            throw new IOException(
                    filled.op() + " at sector " + filled.lba() + ": " + filled.status());
        }
    }

    @Override
    public long position() throws IOException {
        checkOpen();
        return position;
    }

    @Override
    public DiskChannel position(long newPosition) throws IOException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return disk.sectors() * SECTOR;
    }

    /** A disk's size is not ours to change. */
    @Override
    public DiskChannel truncate(long size) throws IOException {
        throw new IOException("a remote disk cannot be truncated");
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
