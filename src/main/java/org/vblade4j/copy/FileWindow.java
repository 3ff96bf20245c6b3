// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * A part of a file mapped into memory, for the kernel to send from: that saves the copy that
 * read(2) makes, a quarter of what it costs to send a file. Moves along with who reads on.
 */
final class FileWindow {
    private static final long WINDOW_BYTES = 1L << 30;

    private final FileChannel channel;
    private final int pageBytes = Libc.getpagesize();
    private MappedByteBuffer window;
    private long windowAt;
    private long windowAddress;

    FileWindow(FileChannel channel) {
        this.channel = channel;
    }

    /** False when the bytes there cannot be mapped or got into memory: reading them tells why. */
    boolean lend(Chunk chunk, long from) {
        if (!covers(from, chunk.bytes()) && !(move(from) && covers(from, chunk.bytes()))) {
            return false;
        }
        int offset = (int) (from - windowAt);
        int first = offset / pageBytes * pageBytes;
        // All at once, and here: not page by page in the call that sends.
        int length = offset + chunk.bytes() - first;
        if (Libc.madvise(windowAddress + first, length, Linux.MADV_POPULATE_READ) != 0) {
            return false;
        }
        chunk.lend(window, offset);
        return true;
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
            window = channel.map(MapMode.READ_ONLY, at, bytes);
            windowAt = at;
            windowAddress = Libc.address(window);
            return true;
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
