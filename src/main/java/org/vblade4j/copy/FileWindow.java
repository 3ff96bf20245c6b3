// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * A part of a file mapped into memory, for frames to go from and to where its bytes lie: that saves
 * the copy that read(2) or write(2) makes, up to a quarter of what it costs to move a file. Moves
 * along with who goes on in the file.
 */
final class FileWindow {
    private static final long WINDOW_BYTES = 1L << 30;

    private final FileChannel channel;
    private final MapMode mode;
    private final int pageBytes = Libc.getpagesize();
    private MappedByteBuffer window;
    private long windowAt;
    private long windowAddress;

    FileWindow(FileChannel channel, MapMode mode) {
        this.channel = channel;
        this.mode = mode;
    }

    /**
     * Where in {@link #memory} these bytes of the file lie; -1 when they cannot be mapped or got
     * into memory, or are not all there: reading and writing them tells why.
     */
    int find(long from, int bytes) {
        if (!covers(from, bytes) && !(move(from) && covers(from, bytes))) {
            return -1;
        }
        int offset = (int) (from - windowAt);
        int first = offset / pageBytes * pageBytes;
        // All at once, and here: not page by page in the call that sends. Reading maps many pages
        // at a time, and what it has mapped in tmpfs may be written to as well.
        int length = offset + bytes - first;
        return Libc.madvise(windowAddress + first, length, Linux.MADV_POPULATE_READ) == 0
                ? offset
                : -1;
    }

    /** Where what was found last lies; after the next {@link #find} it may be another one. */
    ByteBuffer memory() {
        return window;
    }

    private boolean covers(long from, int bytes) {
        return window != null && from >= windowAt && from + bytes <= windowAt + window.capacity();
    }

    /** The former window is unmapped when no chunk knows it any more, by its collection. */
    private boolean move(long from) {
        try {
            long at = from / pageBytes * pageBytes;
            long bytes = Math.min(WINDOW_BYTES, channel.size() - at);
            if (bytes <= 0) {
                return false;
            }
            window = channel.map(mode, at, bytes);
            windowAt = at;
            windowAddress = Libc.address(window);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
