// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A regular file or block device to copy to. A fresh file gets holes where blocks are all zero, and
 * ends where the copy ends; within an existing one everything is written, and if it lies in memory,
 * the data of a disk go there without a copy between.
 */
public final class FileSink implements Sink {
    private static final int HOLE_BYTES = 4096;

    private final Path path;
    private final RandomAccessFile file;
    private final FileChannel channel;
    private final long seekBytes;
    private final boolean fresh;
    private final boolean sparse;

    /**
     * Null unless data are {@linkplain #place placed}: not where new pages would be filled with
     * zeros first, or those of a disk be read. Both cost more than the copy saved.
     */
    private final FileWindow window;

    /**
     * Opens the file, which is made if it is not there.
     *
     * @param seekBytes where in it the copy begins
     * @param fresh what lies behind what is copied goes, now from {@code keptBytes} on
     * @param keptBytes of the copy, what an earlier run has left
     * @param sparse leave holes where a fresh file would get zeros
     */
    public FileSink(Path path, long seekBytes, boolean fresh, long keptBytes, boolean sparse)
            throws IOException {
        this.path = path;
        this.seekBytes = seekBytes;
        this.fresh = fresh;
        this.sparse = sparse && fresh;
        file = new RandomAccessFile(path.toFile(), "rw");
        channel = file.getChannel();
        boolean placeable = !fresh && inMemory(path);
        window = placeable ? new FileWindow(channel, MapMode.READ_WRITE) : null;
        try {
            end(keptBytes);
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** A device is not, though its name may be. */
    private static boolean inMemory(Path path) {
        try {
            return Files.isRegularFile(path) && Files.getFileStore(path).type().equals("tmpfs");
        } catch (IOException e) {
            return false; // no such mount to be seen, as in a chroot
        }
    }

    @Override
    public void place(Chunk chunk) {
        int found = window == null ? -1 : window.find(seekBytes + chunk.position(), chunk.bytes());
        if (found >= 0) {
            chunk.place(window.memory(), found);
        }
    }

    @Override
    public void write(Chunk chunk) {
        if (chunk.placed()) {
            chunk.stored();
            return;
        }
        try {
            if (!sparse) {
                if (chunk.hole()) {
                    chunk.fillWithZeros();
                }
                write(chunk, 0, chunk.bytes());
            } else if (!chunk.hole()) {
                writeData(chunk);
            }
            chunk.stored();
        } catch (IOException e) {
            chunk.failed("cannot be written: " + e.getMessage());
        }
    }

    /** All blocks that are not zero, adjacent ones together. */
    private void writeData(Chunk chunk) throws IOException {
        int dataFrom = -1;
        for (int at = 0; at < chunk.bytes(); at += HOLE_BYTES) {
            int to = Math.min(at + HOLE_BYTES, chunk.bytes() / Long.BYTES * Long.BYTES);
            boolean odd = at + HOLE_BYTES > chunk.bytes() && to < chunk.bytes();
            if (odd || !chunk.isZero(at, to)) {
                dataFrom = dataFrom < 0 ? at : dataFrom;
            } else if (dataFrom >= 0) {
                write(chunk, dataFrom, at);
                dataFrom = -1;
            }
        }
        if (dataFrom >= 0) {
            write(chunk, dataFrom, chunk.bytes());
        }
    }

    private void write(Chunk chunk, int from, int to) throws IOException {
        ByteBuffer buffer = chunk.buffer();
        buffer.clear().position(from).limit(to);
        long start = seekBytes + chunk.position();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer, start + buffer.position());
            }
        } finally {
            buffer.clear();
        }
    }

    @Override
    public void end(long bytes) throws IOException {
        if (fresh) {
            file.setLength(seekBytes + bytes);
        }
    }

    @Override
    public void flush(Consumer<String> done) {
        String failure = null;
        try {
            channel.force(true);
        } catch (IOException e) {
            failure = "failed: " + e.getMessage();
        }
        done.accept(failure);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
