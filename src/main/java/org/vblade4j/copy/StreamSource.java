// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** A pipe to copy from, such as standard input; reading it blocks. */
public final class StreamSource implements Source {
    private final String name;
    private final ReadableByteChannel channel;
    private final long skipBytes;
    private long position;

    /**
     * Reads nothing yet.
     *
     * @param skipBytes what to read and drop before the copy begins
     */
    public StreamSource(String name, ReadableByteChannel channel, long skipBytes) {
        this.name = name;
        this.channel = channel;
        this.skipBytes = skipBytes;
        position = -skipBytes;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long bytes() {
        return -1;
    }

    @Override
    public void read(Chunk chunk) {
        ByteBuffer buffer = chunk.buffer();
        try {
            while (position < chunk.position()) {
                long gap = chunk.position() - position;
                buffer.clear().limit((int) Math.min(buffer.capacity(), gap));
                int read = channel.read(buffer);
                if (read < 0) {
                    chunk.failed("ended before byte " + (skipBytes + chunk.position()));
                    return;
                }
                position += read;
            }
            fill(chunk);
        } catch (IOException e) {
            chunk.failed("cannot be read: " + e.getMessage());
        } finally {
            buffer.clear();
        }
    }

    private void fill(Chunk chunk) throws IOException {
        ByteBuffer buffer = chunk.buffer();
        buffer.clear().limit(chunk.bytes());
        int read = 0;
        while (read >= 0 && buffer.hasRemaining()) {
            read = channel.read(buffer);
        }
        position += buffer.position();
        chunk.filled(buffer.position());
    }

    @Override
    public void cancel() {
        try {
            channel.close();
        } catch (IOException e) {
            // Then the read goes on to its end, as it would have.
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
