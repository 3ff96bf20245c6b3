// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.OsException;

/**
 * Writes of a batch into the mapped page cache, all with one system call. It spares the file system
 * its work for each write, which grows with the size of the page cache's folios: on ext4 with
 * folios of 2 MiB a write(2) of 1 KiB costs 16 us.
 *
 * <p>The kernel copies, by process_vm_readv(2) from and to this process: a page that cannot be
 * written (its block cannot be allocated, its file was cut, its disk fails) ends the copy with the
 * number of bytes that were copied, where an access of Java's would be a signal. What was not
 * copied goes to the store behind, to be written by write(2) or to get its error.
 *
 * <p>A write that goes on where the last one ended is left to the store behind, too, which joins
 * them to one.
 */
final class MappedWrites implements AutoCloseable {
    private static final int MAX = 64;
    private static final long SELF = ProcessHandle.current().pid();

    private final FileCalls calls;
    private final PageCacheMap map;
    private final BlockStore next;
    private final IoVectors vectors;
    private StoreRequest[] taken = new StoreRequest[MAX];
    private StoreRequest[] making = new StoreRequest[MAX];
    private int count;
    private int completed;
    private long lastEnd = -1;
    private boolean refused;

    MappedWrites(PageCacheMap map, BlockStore next, FileCalls calls) throws OsException {
        this.calls = calls;
        this.map = map;
        this.next = next;
        vectors = new IoVectors(2 * MAX);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Writes made since the last call. */
    int takeCompleted() {
        int was = completed;
        completed = 0;
        return was;
    }

    /** To be asked once for each write. */
    boolean mayTake(StoreRequest request) {
        boolean continues = request.lba() == lastEnd;
        lastEnd = request.lba() + request.sectors();
        return !continues
                && !refused
                && count < MAX
                && request.sectors() > 0
                && request.buffer().isDirect();
    }

    /**
     * @param address where its sectors lie in the mapping
     */
    void add(StoreRequest request, long address) {
        long data = vectors.address(request.buffer()) + request.offset();
        vectors.put(count, address, request.bytes());
        vectors.put(MAX + count, data, request.bytes());
        taken[count++] = request;
    }

    /** Makes all that were added, and those that are added meanwhile. Listeners do not call it. */
    void make() {
        while (count > 0) {
            StoreRequest[] batch = taken;
            taken = making;
            making = batch;
            int size = count;
            count = 0;
            long copied =
                    calls.process_vm_readv(
                            (int) SELF, vectors.address(0), size, vectors.address(MAX), size, 0);
            // Not allowed (seccomp), or no such call: never again.
            refused |= copied < 0 && copied != -Errno.EFAULT;
            map.refreshSize();
            finish(batch, size, copied);
        }
    }

    private void finish(StoreRequest[] batch, int size, long copied) {
        long rest = copied;
        for (int i = 0; i < size; i++) {
            StoreRequest request = batch[i];
            batch[i] = null;
            rest -= request.bytes();
            long end = (request.lba() + request.sectors()) * BlockStore.SECTOR_BYTES;
            // In the last page there is room behind the end of the file: nothing is kept there.
            if (rest >= 0 && map.holds(end)) {
                completed++;
                request.complete(StoreStatus.OK);
            } else {
                rest = -1;
                next.submit(request);
            }
        }
    }

    @Override
    public void close() {
        vectors.close();
    }
}
