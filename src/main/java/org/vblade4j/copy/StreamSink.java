// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.Consumer;

/** A pipe to copy to, such as standard output; writing to it blocks. */
public final class StreamSink implements Sink {
    private final String name;
    private final WritableByteChannel channel;
    private boolean readerGone;

    public StreamSink(String name, WritableByteChannel channel) {
        this.name = name;
        this.channel = channel;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean inOrder() {
        return true;
    }

    /** True when whoever read the pipe has closed it: most often he has what he wanted. */
    public boolean readerGone() {
        return readerGone;
    }

    @Override
    public void write(Chunk chunk) {
        if (chunk.hole()) {
            chunk.fillWithZeros();
        }
        ByteBuffer buffer = chunk.buffer();
        buffer.clear().limit(chunk.bytes());
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            chunk.stored();
        } catch (IOException e) {
            readerGone = "Broken pipe".equals(e.getMessage());
            chunk.failed("cannot be written: " + e.getMessage());
        } finally {
            buffer.clear();
        }
    }

    /** What a pipe has taken is out of our hands. */
    @Override
    public void flush(Consumer<String> done) {
        done.accept(null);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
