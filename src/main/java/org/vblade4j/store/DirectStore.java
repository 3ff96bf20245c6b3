// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * A regular file or block device without the page cache (O_DIRECT, open(2)).
 *
 * <p>The kernel wants memory, place and length in multiples of a block, often 512 bytes, 4096 on
 * some disks. A request that fits goes straight between the caller's direct buffer and the medium.
 * Any other goes through an aligned buffer of our own, and a write that covers only part of a block
 * reads that block first. The block size is the device's own; for files, whose file system decides
 * and cannot be asked everywhere, it is what is found to work.
 *
 * <p>Size, flush and the last, incomplete block of a file (which a direct write would make grow)
 * are left to a {@link FileStore} on the same file.
 */
final class DirectStore implements BlockStore {
    private static final int MAX_BLOCK_BYTES = 65536;
    private static final int BOUNCE_BYTES = 4 * MAX_BLOCK_BYTES;
    private static final int END = -1;

    private final FileStore file;
    private final int fd;
    private final NativeMemory bounce;
    private final StoreTraits traits;
    private int blockBytes;
    private ByteBuffer known;
    private long knownAddress;
    private boolean closed;

    private DirectStore(
            FileStore file, int fd, NativeMemory bounce, int blockBytes, boolean synced) {
        this.file = file;
        this.fd = fd;
        this.bounce = bounce;
        this.blockBytes = blockBytes;
        StoreTraits own = file.traits();
        int physicalBytes = Math.max(own.physicalBlockBytes(), blockBytes);
        traits = new StoreTraits(own.readOnly(), true, synced, physicalBytes);
    }

    /**
     * Opens the same file again for direct access. Takes over {@code file}, also when this fails.
     *
     * @param file opened with {@code synced}, since it takes writes as if they were direct
     */
    static DirectStore over(FileStore file, Path path, DeviceKind kind, boolean synced)
            throws IOException {
        DirectStore store = null;
        try {
            NativeMemory bounce = NativeMemory.allocate(BOUNCE_BYTES);
            int fd = openDirect(path, file.traits().readOnly(), synced);
            store = new DirectStore(file, fd, bounce, kind.logicalBlockBytes(path), synced);
            store.tryOut(path);
            return store;
        } catch (IOException | RuntimeException e) {
            (store == null ? file : store).close();
            throw e;
        }
    }

    private static int openDirect(Path path, boolean readOnly, boolean synced) throws IOException {
        int flags =
                (readOnly ? Linux.O_RDONLY : Linux.O_RDWR)
                        | (synced ? Linux.O_DSYNC : 0)
                        | Linux.O_DIRECT
                        | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(path.toString()), flags, 0);
        if (fd >= 0) {
            return fd;
        }
        OsException cause = OsException.last("open");
        throw cause.errno() == Errno.EINVAL
                ? refused(path)
                : new IOException(path + ": cannot open for direct I/O: " + cause.getMessage());
    }

    private static IOException refused(Path path) {
        return new IOException(
                path + ": its file system does not support direct I/O (O_DIRECT); leave out -d");
    }

    /** Finds the block size before the first request; a bad first sector is not refused here. */
    private void tryOut(Path path) throws IOException {
        while (transfer(StoreRequest.Op.READ, bounce.address(), blockBytes, 0) == Errno.EINVAL) {
            if (blockBytes == MAX_BLOCK_BYTES) {
                throw refused(path);
            }
            blockBytes *= 2;
        }
    }

    @Override
    public long sectors() {
        return file.sectors();
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        request.complete(execute(request));
    }

    private StoreStatus execute(StoreRequest request) {
        if (request.op() == StoreRequest.Op.FLUSH) {
            return file.execute(request);
        }
        if (request.op() == StoreRequest.Op.WRITE && traits.readOnly()) {
            return StoreStatus.READ_ONLY;
        }
        if (!file.holds(request)) {
            return StoreStatus.OUT_OF_RANGE;
        }
        int before = blockBytes;
        int result = Errno.EINVAL;
        while (result == Errno.EINVAL && blockBytes <= MAX_BLOCK_BYTES) {
            if (reachesIncompleteBlock(request)) {
                return file.execute(request);
            }
            result = attempt(request);
            if (result == Errno.EINVAL) {
                blockBytes *= 2;
            }
        }
        if (result == Errno.EINVAL) {
            blockBytes = before;
        }
        return status(request, result);
    }

    private StoreStatus status(StoreRequest request, int result) {
        if (result == 0) {
            return StoreStatus.OK;
        }
        file.refreshSize();
        return result == END || !request.within(file.sectors())
                ? StoreStatus.OUT_OF_RANGE
                : StoreErrors.status(result);
    }

    private boolean reachesIncompleteBlock(StoreRequest request) {
        long end = (request.lba() + request.sectors()) * SECTOR_BYTES;
        return roundUp(end) > file.sectors() * SECTOR_BYTES;
    }

    private long roundUp(long bytes) {
        return (bytes + blockBytes - 1) & -blockBytes;
    }

    private int attempt(StoreRequest request) {
        long at = request.lba() * SECTOR_BYTES;
        ByteBuffer buffer = request.buffer();
        if (buffer.isDirect()) {
            long address = address(buffer) + request.offset();
            if (((address | at | request.bytes()) & (blockBytes - 1)) == 0) {
                return transfer(request.op(), address, request.bytes(), at);
            }
        }
        return bounce(request, at);
    }

    /** Buffers come back again and again, and asking for an address allocates. */
    @SuppressWarnings("ReferenceEquality") // equal contents are not the same memory
    private long address(ByteBuffer buffer) {
        if (buffer != known) {
            known = buffer;
            knownAddress = Libc.address(buffer);
        }
        return knownAddress;
    }

    private int bounce(StoreRequest request, long at) {
        int done = 0;
        int result = 0;
        while (done < request.bytes() && result == 0) {
            int lead = (int) (at + done) & (blockBytes - 1);
            int part = Math.min(request.bytes() - done, BOUNCE_BYTES - lead);
            result =
                    request.op() == StoreRequest.Op.READ
                            ? bounceRead(request, done, part, lead)
                            : bounceWrite(request, done, part, lead);
            done += part;
        }
        return result;
    }

    private int bounceRead(StoreRequest request, int done, int part, int lead) {
        long at = request.lba() * SECTOR_BYTES + done - lead;
        int span = (int) roundUp(lead + part);
        int result = transfer(StoreRequest.Op.READ, bounce.address(), span, at);
        if (result == 0) {
            request.buffer().put(request.offset() + done, bounce.buffer(), lead, part);
        }
        return result;
    }

    private int bounceWrite(StoreRequest request, int done, int part, int lead) {
        long at = request.lba() * SECTOR_BYTES + done - lead;
        int span = (int) roundUp(lead + part);
        if (span != part) {
            int result = transfer(StoreRequest.Op.READ, bounce.address(), span, at);
            if (result != 0) {
                return result;
            }
        }
        bounce.buffer().put(lead, request.buffer(), request.offset() + done, part);
        return transfer(StoreRequest.Op.WRITE, bounce.address(), span, at);
    }

    /** 0, an errno or {@link #END}. */
    private int transfer(StoreRequest.Op op, long address, int bytes, long at) {
        int done = 0;
        while (done < bytes) {
            long moved =
                    op == StoreRequest.Op.READ
                            ? Libc.pread(fd, address + done, bytes - done, at + done)
                            : Libc.pwrite(fd, address + done, bytes - done, at + done);
            if (moved < 0) {
                int errno = Libc.errno();
                if (errno != Errno.EINTR) {
                    return errno;
                }
            } else {
                done += (int) moved;
                if (done < bytes && (moved == 0 || (moved & (blockBytes - 1)) != 0)) {
                    return END;
                }
            }
        }
        return 0;
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true; // the number may soon be another file's
            Libc.close(fd);
        }
        bounce.close();
        file.close();
    }
}
