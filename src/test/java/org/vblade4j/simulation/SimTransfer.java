// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.sys.Libc;

/**
 * A read or write between user memory and a disk, moved in as many steps as its kernel likes. User
 * memory is what lies at the address when the step is made, whoever it belongs to by then.
 */
final class SimTransfer {
    private static final int IOVEC_BYTES = 16;

    private final SimDisk disk;
    private final boolean write;
    private final boolean direct;
    private final boolean durable;
    private final long[] addresses;
    private final int[] lengths;
    private final long position;
    private final int total;
    private int moved;

    /** What it ends with when all is moved: bytes, or an errno negated. */
    int result;

    /** How many bytes are moved at most. */
    int limit;

    /**
     * @param address of the data when there is one segment, else of the iovecs, which are read now
     */
    SimTransfer(
            SimDisk disk,
            SimFiles.Open file,
            boolean write,
            long address,
            int segments,
            long bytes,
            long position) {
        this.disk = disk;
        this.write = write;
        direct = file.direct();
        durable = file.durable();
        this.position = position;
        addresses = new long[segments];
        lengths = new int[segments];
        if (bytes >= 0) {
            addresses[0] = address;
            lengths[0] = (int) bytes;
            total = (int) bytes;
        } else {
            total = readVectors(address, segments);
        }
        limit = total;
        result = total;
    }

    private int readVectors(long address, int segments) {
        ByteBuffer vectors =
                Libc.wrap(address, segments * (long) IOVEC_BYTES).order(ByteOrder.nativeOrder());
        int sum = 0;
        for (int i = 0; i < segments; i++) {
            addresses[i] = vectors.getLong(i * IOVEC_BYTES);
            lengths[i] = (int) vectors.getLong(i * IOVEC_BYTES + 8);
            sum += lengths[i];
        }
        return sum;
    }

    boolean write() {
        return write;
    }

    boolean direct() {
        return direct;
    }

    long position() {
        return position;
    }

    int total() {
        return total;
    }

    /** Whether memory, lengths and place are multiples of the disk's block. */
    boolean aligned(int blockBytes) {
        long all = position;
        for (int i = 0; i < addresses.length; i++) {
            all |= addresses[i] | lengths[i];
        }
        return (all & (blockBytes - 1)) == 0;
    }

    /** The first half of it; whole sectors, so that a sector is never a mixture. */
    void moveHalf() {
        moveTo(limit / 2 / SimDisk.SECTOR_BYTES * SimDisk.SECTOR_BYTES);
    }

    void moveAll() {
        moveTo(limit);
    }

    private void moveTo(int end) {
        int before = 0;
        for (int i = 0; i < addresses.length && moved < end; i++) {
            int from = moved - before;
            int bytes = Math.min(lengths[i], end - before) - from;
            if (bytes > 0) {
                moveMemory(addresses[i] + from, bytes);
            }
            before += lengths[i];
        }
    }

    private void moveMemory(long address, int bytes) {
        ByteBuffer memory = Libc.wrap(address, bytes);
        byte[] data = new byte[bytes];
        if (write) {
            memory.get(0, data);
        }
        for (int at = 0; at < bytes; ) {
            long place = position + moved;
            int inPage = SimDisk.PAGE_BYTES - (int) (place % SimDisk.PAGE_BYTES);
            int part = Math.min(bytes - at, inPage);
            movePage(place, data, at, part);
            moved += part;
            at += part;
        }
        if (!write) {
            memory.put(0, data);
        }
    }

    private void movePage(long place, byte[] data, int at, int bytes) {
        if (write && direct) {
            disk.writeDirect(place, data, at, bytes);
        } else if (write) {
            disk.write(place, data, at, bytes);
            if (durable) {
                disk.makeDurable(place);
            }
        } else if (direct) {
            disk.readDirect(place, data, at, bytes);
        } else {
            disk.read(place, data, at, bytes);
        }
    }
}
