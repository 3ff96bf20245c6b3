// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.util.SplittableRandom;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;

/**
 * System calls on a disk, each made at once and, now and then, wrong: it moves fewer bytes, is
 * interrupted, finds no space, a broken disk or a page that cannot be had.
 */
abstract class SimCalls extends SimFiles {

    /** How often something goes wrong, of so many calls one; 0 for never. */
    record Faults(int oneInErrors, int oneInShort, int oneInPages, boolean syncsLose) {}

    /** What may be wrong with it on purpose. */
    enum Lie {
        NONE,
        /** A sync ends well and does nothing. */
        NO_SYNC,
        /** A sync that fails says that it went well. */
        SYNC_NEVER_FAILS
    }

    Lie lie = Lie.NONE;

    final SplittableRandom random;
    final Faults faults;
    private boolean calm;
    private boolean syncErrorWaits;

    SimCalls(
            SplittableRandom random,
            SimDisk disk,
            Tally tally,
            boolean device,
            int blockBytes,
            Faults faults) {
        super(disk, tally, device, blockBytes);
        this.random = random;
        this.faults = faults;
    }

    /** Nothing goes wrong any more. */
    void calm() {
        calm = true;
        absent = false;
        disk.full = false;
    }

    private boolean happens(int oneIn) {
        return !calm && oneIn > 0 && random.nextInt(oneIn) == 0;
    }

    /** Something happens to the page cache. */
    void stir() {
        int page = disk.dirtyPage(random.nextInt(Math.max(1, disk.pages())));
        switch (random.nextInt(4)) {
            case 0 -> disk.evict(page);
            case 1 -> {
                if (faults.syncsLose && !calm && random.nextBoolean()) {
                    syncErrorWaits |= disk.loseWriteBack(page);
                } else {
                    disk.writeBack(page);
                }
            }
            default -> disk.readIn(page);
        }
    }

    int finishSync(SimDisk.Sync sync) {
        boolean told = syncErrorWaits;
        syncErrorWaits = false;
        if (lie == Lie.NO_SYNC) {
            sync.fail(true);
            return 0;
        }
        boolean fails = absent || happens(faults.oneInErrors);
        if (fails) {
            sync.fail(!faults.syncsLose);
        } else {
            sync.succeed();
        }
        tally.add(Tally.Event.SYNC_ERRORS, fails || told ? 1 : 0);
        return (fails || told) && lie != Lie.SYNC_NEVER_FAILS ? -Errno.EIO : 0;
    }

    SimTransfer transfer(
            int fd, boolean write, long address, int segments, long bytes, long position) {
        Open file = file(fd);
        SimTransfer transfer =
                new SimTransfer(disk, file, write, address, segments, bytes, position);
        if (write && !file.writable()) {
            throw new AssertionError("a write to what was opened for reading");
        }
        if (file.direct() && misaligned(transfer)) {
            tally.add(Tally.Event.MISALIGNED);
            stop(transfer, -Errno.EINVAL, 0);
        } else if (absent) {
            stop(transfer, random.nextBoolean() ? -Errno.EIO : -Errno.ENXIO, 0);
        } else if (happens(2 * faults.oneInShort)) {
            tally.add(Tally.Event.INTERRUPTED_CALLS);
            stop(transfer, -Errno.EINTR, 0);
        } else if (happens(faults.oneInErrors)) {
            int sectors = random.nextInt(1 + room(transfer) / SimDisk.SECTOR_BYTES);
            tally.add(Tally.Event.IO_ERRORS);
            stop(transfer, -Errno.EIO, sectors * SimDisk.SECTOR_BYTES);
        } else if (write && !disk.mayWrite(position, transfer.total())) {
            tally.add(Tally.Event.NO_SPACE);
            stop(transfer, -Errno.ENOSPC, 0);
        } else {
            bound(transfer, fd);
        }
        return transfer;
    }

    /** A hole can be read in smaller blocks. */
    private boolean misaligned(SimTransfer transfer) {
        boolean hole = !transfer.write() && disk.isHole(transfer.position(), transfer.total());
        return !transfer.aligned(hole ? SimDisk.SECTOR_BYTES : blockBytes);
    }

    private static void stop(SimTransfer transfer, int result, int limit) {
        transfer.result = result;
        transfer.limit = limit;
    }

    private void bound(SimTransfer transfer, int fd) {
        int bytes = room(transfer);
        if (bytes < transfer.total() && transfer.write()) {
            if (!device) {
                long sector = transfer.position() / SimDisk.SECTOR_BYTES;
                throw new AssertionError("a write to sector " + sector + " makes the file grow");
            }
            stop(transfer, bytes == 0 ? -Errno.ENOSPC : bytes, bytes);
            return;
        }
        int unit = file(fd).direct() ? blockBytes : transfer.write() ? SimDisk.SECTOR_BYTES : 1;
        if (bytes > unit && happens(faults.oneInShort)) {
            tally.add(Tally.Event.SHORT_TRANSFERS);
            bytes = (1 + random.nextInt(bytes / unit)) * unit;
        }
        stop(transfer, bytes, bytes);
    }

    /** What of it lies inside. */
    private int room(SimTransfer transfer) {
        return (int) Math.min(Math.max(0, sizeBytes() - transfer.position()), transfer.total());
    }

    private long now(SimTransfer transfer) {
        transfer.moveAll();
        return transfer.result;
    }

    @Override
    public long pread(int fd, long buf, long count, long offset) {
        return now(transfer(fd, false, buf, 1, count, offset));
    }

    @Override
    public long pwrite(int fd, long buf, long count, long offset) {
        return now(transfer(fd, true, buf, 1, count, offset));
    }

    @Override
    public long preadv(int fd, long iov, int iovcnt, long offset) {
        return now(transfer(fd, false, iov, iovcnt, -1, offset));
    }

    @Override
    public long pwritev(int fd, long iov, int iovcnt, long offset) {
        return now(transfer(fd, true, iov, iovcnt, -1, offset));
    }

    @Override
    public long preadv2(int fd, long iov, int iovcnt, long offset, int flags) {
        return -Errno.EOPNOTSUPP;
    }

    @Override
    public int fdatasync(int fd) {
        file(fd);
        return finishSync(disk.new Sync());
    }

    @Override
    public int posix_fadvise(int fd, long offset, long len, int advice) {
        for (int page = 0; page < disk.pages(); page++) {
            disk.evict(page);
        }
        return 0;
    }

    /** Whether the mapped page can be had: it is not behind the end, and the disk reads it. */
    private boolean available(long at) {
        int page = SimDisk.page(at);
        return !absent
                && page < disk.pages()
                && (disk.resident(page) || !happens(faults.oneInErrors))
                && !happens(faults.oneInPages);
    }

    /** Memory that a frame is gathered from, of a mapping or not; null when it cannot be read. */
    byte[] gather(long address, int bytes) {
        byte[] data = new byte[bytes];
        if (!isMapping(address)) {
            Libc.wrap(address, bytes).get(0, data);
            return data;
        }
        long position = mappedAt(address, bytes);
        for (int done = 0; done < bytes; ) {
            long at = position + done;
            if (!available(at)) {
                tally.add(Tally.Event.UNREADABLE_FRAMES);
                return null;
            }
            int inPage = SimDisk.PAGE_BYTES - (int) (at % SimDisk.PAGE_BYTES);
            int part = Math.min(bytes - done, inPage);
            disk.read(at, data, done, part);
            done += part;
        }
        return data;
    }
}
