// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a file holds. Behind its end zeros are expected, up to the end of the sector. */
public final class ExpectedFile implements Comparison.Expected, Closeable {
    private final Path path;
    private final FileChannel channel;
    private final long skipBytes;
    private ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

    /**
     * Opens the file.
     *
     * @param skipBytes what to leave out at its beginning
     */
    public ExpectedFile(Path path, long skipBytes) throws IOException {
        this.path = path;
        this.skipBytes = skipBytes;
        channel = FileChannel.open(path, StandardOpenOption.READ);
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** How much there is to compare with. */
    public long bytes() throws IOException {
        return Math.max(0, channel.size() - skipBytes);
    }

    @Override
    public void prepare(long position, int bytes) throws IOException {
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocateDirect(bytes);
        }
        buffer.clear().limit(bytes);
        long at = skipBytes + position;
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                if (buffer.remaining() >= 512) {
                    throw new EOFException("it ends at byte " + channel.size());
                }
                while (buffer.hasRemaining()) {
                    buffer.put((byte) 0);
                }
            }
        }
    }

    @Override
    public boolean matches(Chunk chunk, int at, int bytes) {
        ByteBuffer found = chunk.buffer();
        found.clear().position(at).limit(at + bytes);
        buffer.clear().position(at).limit(at + bytes);
        boolean same = found.equals(buffer);
        found.clear();
        return same;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
