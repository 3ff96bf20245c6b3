// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.vblade4j.store.BlockStore;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;

/**
 * A regular file or block device to copy from. Asks the file system where there is data (lseek(2),
 * SEEK_DATA), so that holes cost no reading and can be told from zeros.
 */
public final class FileSource implements Source {
    private static final int SECTOR = BlockStore.SECTOR_BYTES;

    private final Path path;
    private final FileChannel channel;
    private final int fd;
    private final long skipBytes;
    private final FileWindow window;

    /** From {@link #skipBytes} on, the nearest data; MAX_VALUE when there is none. */
    private long dataAt = -1;

    /** The end of what is known to be data. */
    private long dataEnd = -1;

    private FileSource(Path path, FileChannel channel, int fd, long skipBytes) {
        this.path = path;
        this.channel = channel;
        this.fd = fd;
        this.skipBytes = skipBytes;
        window = new FileWindow(channel, MapMode.READ_ONLY);
    }

    /**
     * Opens the file.
     *
     * @param skipBytes what to leave out at its beginning
     */
    public static FileSource open(Path path, long skipBytes) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        int flags = Linux.O_RDONLY | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(path.toString()), flags, 0);
        if (fd < 0) {
            String reason = Errno.text(Libc.errno());
            channel.close();
            throw new IOException(path + ": " + reason);
        }
        return new FileSource(path, channel, fd, skipBytes);
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public long bytes() {
        try {
            return Math.max(0, channel.size() - skipBytes);
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void read(Chunk chunk) {
        long from = skipBytes + chunk.position();
        if (isHole(from, from + chunk.bytes())) {
            chunk.filledWithHole();
            return;
        }
        boolean lend = chunk.lendable() && chunk.bytes() % SECTOR == 0;
        int found = lend ? window.find(from, chunk.bytes()) : -1;
        if (found >= 0) {
            chunk.lend(window.memory(), found);
        } else {
            fill(chunk, from);
        }
    }

    private void fill(Chunk chunk, long from) {
        ByteBuffer buffer = chunk.buffer();
        buffer.clear().limit(chunk.bytes());
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, from + buffer.position()) < 0) {
                    break;
                }
            }
            chunk.filled(buffer.position());
        } catch (IOException e) {
            chunk.failed("cannot be read: " + e.getMessage());
        } finally {
            buffer.clear();
        }
    }

    @Override
    public int alike(long position, int bytes) {
        long from = skipBytes + position;
        boolean data = !isHole(from, from + 1);
        long toEnd = data ? dataEnd - from + SECTOR - 1 : dataAt - from;
        long whole = toEnd - toEnd % SECTOR;
        return whole <= 0 ? bytes : (int) Math.min(bytes, whole);
    }

    /** Where the file system cannot tell, all is data. */
    private boolean isHole(long from, long to) {
        if (from < dataEnd && from >= dataAt) {
            return false;
        }
        if (dataAt < from) {
            dataAt = Libc.lseek(fd, from, Linux.SEEK_DATA);
            if (dataAt < 0) {
                boolean none = Libc.errno() == Errno.ENXIO;
                dataAt = none && from < skipBytes + bytes() ? Long.MAX_VALUE : from;
            }
            dataEnd = dataAt == Long.MAX_VALUE ? -1 : Libc.lseek(fd, dataAt, Linux.SEEK_HOLE);
        }
        return dataAt >= to;
    }

    @Override
    public void close() throws IOException {
        Libc.close(fd);
        channel.close();
    }
}
