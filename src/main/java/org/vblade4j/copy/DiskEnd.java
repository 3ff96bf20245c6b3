// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.util.function.Consumer;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/** A disk to copy from or to, such as a target's; from a sector on. Does not own the disk. */
public final class DiskEnd implements Source, Sink {
    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    private final String name;
    private final BlockStore disk;
    private final long firstLba;
    private final boolean skipHoles;
    private final boolean gathers;

    /**
     * @param skipHoles as a sink, leave what is a hole in the source as it is
     */
    public DiskEnd(String name, BlockStore disk, long firstLba, boolean skipHoles) {
        this(name, disk, firstLba, skipHoles, false);
    }

    /** As the other; a file's data go to it without a copy, if its ports are for that. */
    public DiskEnd(String name, RemoteDisk disk, long firstLba, boolean skipHoles) {
        this(name, disk, firstLba, skipHoles, disk.gathers());
    }

    private DiskEnd(
            String name, BlockStore disk, long firstLba, boolean skipHoles, boolean gathers) {
        this.name = name;
        this.disk = disk;
        this.firstLba = firstLba;
        this.skipHoles = skipHoles;
        this.gathers = gathers;
    }

    /** What a status means to whoever moves data. */
    static String reason(StoreStatus status) {
        return switch (status) {
            case UNAVAILABLE -> "does not answer, or serves another station only";
            case READ_ONLY -> "refuses writes";
            case NO_SPACE -> "has no room left";
            case OUT_OF_RANGE -> "has become smaller";
            case OK, MEDIA_ERROR -> "answered with an error";
        };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bytes() {
        return Math.max(0, disk.sectors() - firstLba) * SECTOR;
    }

    @Override
    public boolean skipsHoles() {
        return skipHoles;
    }

    @Override
    public boolean gathers() {
        return gathers;
    }

    @Override
    public boolean scatters() {
        return true;
    }

    private long lba(Chunk chunk) {
        return firstLba + chunk.position() / SECTOR;
    }

    @Override
    public void read(Chunk chunk) {
        int sectors = chunk.bytes() / SECTOR;
        disk.submit(
                chunk.request().read(lba(chunk), sectors, chunk.memory(), chunk.memoryOffset()));
    }

    /** A last sector that is not full is filled up with zeros. */
    @Override
    public void write(Chunk chunk) {
        if (chunk.hole()) {
            if (skipHoles) {
                chunk.stored();
                return;
            }
            chunk.fillWithZeros();
        }
        int sectors = (chunk.bytes() + SECTOR - 1) / SECTOR;
        for (int i = chunk.bytes(); i < sectors * SECTOR; i++) {
            chunk.buffer().put(i, (byte) 0);
        }
        disk.submit(
                chunk.request().write(lba(chunk), sectors, chunk.memory(), chunk.memoryOffset()));
    }

    @Override
    public void flush(Consumer<String> done) {
        StoreRequest flush =
                new StoreRequest(
                        request ->
                                done.accept(
                                        request.status() == StoreStatus.OK
                                                ? null
                                                : reason(request.status())));
        disk.submit(flush.flush());
    }

    @Override
    public int poll() {
        disk.kick();
        return disk.poll();
    }

    @Override
    public void close() {
        // The disk is its opener's.
    }
}
