// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * Writes every sector of a disk with a pattern that tells its place, reads all back and compares.
 * {@link #run} destroys what was on the disk. Many requests are in progress at once, never two on
 * one sector.
 */
final class DiskVerifier {
    private final BlockStore disk;
    private final Runnable idle;
    private final LongSupplier clockNs;
    private final int sectorsPerRequest;
    private final SectorPattern pattern;
    private final ArrayDeque<Job> free = new ArrayDeque<>();
    private final int depth;
    private long nextLba;
    private long badSectors;
    private long firstBadLba = -1;
    private long failedRequests;
    private StoreStatus firstFailure = StoreStatus.OK;
    private boolean away;

    /** A request with its own buffer. */
    private final class Job {
        private final ByteBuffer buffer =
                ByteBuffer.allocateDirect(sectorsPerRequest * BlockStore.SECTOR_BYTES);
        private final StoreRequest request = new StoreRequest(done -> ended(this));
    }

    /**
     * @param depth requests in progress at once
     * @param idle called when a poll ended no request: waits for the disk, or moves a virtual clock
     */
    DiskVerifier(
            BlockStore disk,
            int depth,
            int sectorsPerRequest,
            long seed,
            LongSupplier clockNs,
            Runnable idle) {
        this.disk = disk;
        this.depth = depth;
        this.sectorsPerRequest = sectorsPerRequest;
        this.pattern = new SectorPattern(seed);
        this.clockNs = clockNs;
        this.idle = idle;
        for (int i = 0; i < depth; i++) {
            free.add(new Job());
        }
    }

    /**
     * Blocks until all is done; once only. Reads nothing back when the disk did not take all of the
     * pattern, and asks for nothing more once the disk has gone away.
     */
    VerifyReport run() {
        long startNs = clockNs.getAsLong();
        pass(StoreRequest.Op.WRITE);
        if (failedRequests == 0) {
            flush();
        }
        long writeNs = clockNs.getAsLong() - startNs;
        return failedRequests == 0 ? readBack(writeNs) : report(writeNs, 0);
    }

    private VerifyReport readBack(long writeNs) {
        long startNs = clockNs.getAsLong();
        pass(StoreRequest.Op.READ);
        return report(writeNs, clockNs.getAsLong() - startNs);
    }

    private VerifyReport report(long writeNs, long readNs) {
        return new VerifyReport(
                disk.sectors(),
                badSectors,
                firstBadLba,
                failedRequests,
                firstFailure,
                writeNs,
                readNs);
    }

    private void pass(StoreRequest.Op op) {
        long size = disk.sectors();
        nextLba = 0;
        while ((nextLba < size && !away) || free.size() < depth) {
            while (nextLba < size && !away && !free.isEmpty()) {
                start(free.poll(), op, (int) Math.min(sectorsPerRequest, size - nextLba));
            }
            pollOnce();
        }
    }

    private void start(Job job, StoreRequest.Op op, int sectors) {
        long lba = nextLba;
        nextLba += sectors;
        if (op == StoreRequest.Op.WRITE) {
            for (int i = 0; i < sectors; i++) {
                pattern.put(job.buffer, i * BlockStore.SECTOR_BYTES, lba + i);
            }
            disk.submit(job.request.write(lba, sectors, job.buffer, 0));
        } else {
            disk.submit(job.request.read(lba, sectors, job.buffer, 0));
        }
    }

    private void flush() {
        disk.submit(free.poll().request.flush());
        while (free.size() < depth) {
            pollOnce();
        }
    }

    private void pollOnce() {
        if (disk.poll() == 0) {
            idle.run();
        }
    }

    private void ended(Job job) {
        StoreRequest request = job.request;
        if (request.status() != StoreStatus.OK) {
            failed(request.status());
        } else if (request.op() == StoreRequest.Op.READ) {
            for (int i = 0; i < request.sectors(); i++) {
                check(job.buffer, i * BlockStore.SECTOR_BYTES, request.lba() + i);
            }
        }
        free.add(job);
    }

    private void failed(StoreStatus status) {
        firstFailure = failedRequests++ == 0 ? status : firstFailure;
        away |= status == StoreStatus.UNAVAILABLE;
    }

    private void check(ByteBuffer buffer, int at, long lba) {
        if (!pattern.matches(buffer, at, lba)) {
            badSectors++;
            firstBadLba = firstBadLba < 0 ? lba : Math.min(firstBadLba, lba);
        }
    }
}
