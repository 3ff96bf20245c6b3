// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;

/**
 * Page-aligned memory outside the heap and outside the JVM's direct memory limit, seen as a
 * big-endian buffer. Zero at first.
 *
 * <p>{@link #close} gives the memory back at once. A buffer that outlives it can do no harm: close
 * puts empty pages in place of the old ones, so that a late access reads zero instead of ending the
 * JVM; the addresses themselves are returned when the last buffer on them is unreachable.
 */
public final class NativeMemory implements AutoCloseable {
    public static final int PAGE_BYTES = 4096;
    private static final Cleaner CLEANER = Cleaner.create();

    private final long address;
    private final long lengthBytes;
    private final ByteBuffer buffer;
    private boolean closed;

    private NativeMemory(long address, long lengthBytes) {
        this.address = address;
        this.lengthBytes = lengthBytes;
        buffer = Libc.wrap(address, lengthBytes);
        CLEANER.register(buffer, () -> Libc.munmap(address, lengthBytes));
    }

    /** Fresh memory; the length is rounded up to whole pages. */
    public static NativeMemory allocate(long lengthBytes) throws OsException {
        long rounded = (lengthBytes + PAGE_BYTES - 1) & -PAGE_BYTES;
        return map(rounded, Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS, -1, 0);
    }

    /** Maps a descriptor from its start, shared; for packet rings and the like. */
    public static NativeMemory mapShared(int fd, long lengthBytes) throws OsException {
        return mapShared(fd, lengthBytes, 0);
    }

    /** Maps a descriptor from an offset, a multiple of a page. */
    public static NativeMemory mapShared(int fd, long lengthBytes, long offset) throws OsException {
        return map(lengthBytes, Linux.MAP_SHARED, fd, offset);
    }

    private static NativeMemory map(long lengthBytes, int flags, int fd, long offset)
            throws OsException {
        if (lengthBytes <= 0 || lengthBytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "length " + lengthBytes + ", expected 1 to " + Integer.MAX_VALUE);
        }
        int protection = Linux.PROT_READ | Linux.PROT_WRITE;
        long address = Libc.mmap(0, lengthBytes, protection, flags, fd, offset);
        if (address == Linux.MAP_FAILED) {
            throw OsException.last("mmap");
        }
        return new NativeMemory(address, lengthBytes);
    }

    /** The whole of it; the same object each time, with position and limit that nobody moves. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** For system calls; valid until {@link #close}. */
    public long address() {
        return address;
    }

    public long lengthBytes() {
        return lengthBytes;
    }

    /** By one thread; a second call is harmless. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        int flags = Linux.MAP_FIXED | Linux.MAP_PRIVATE | Linux.MAP_ANONYMOUS | Linux.MAP_NORESERVE;
        long result =
                Libc.mmap(address, lengthBytes, Linux.PROT_READ | Linux.PROT_WRITE, flags, -1, 0);
        if (result == Linux.MAP_FAILED) { // out of mappings: leave the old pages to the cleaner
            System.getLogger(NativeMemory.class.getName())
                    .log(System.Logger.Level.WARNING, "mmap: {0}", Errno.text(Libc.errno()));
        }
    }
}
