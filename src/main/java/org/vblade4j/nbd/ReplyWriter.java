// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes replies to one client, small ones together. After a failure it swallows the rest: whoever
 * closes the channel ends the reading, too. One thread, except {@link #writingFor}.
 */
final class ReplyWriter {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int COPIED_BYTES = 1 << 13;
    private static final int MAX_HEAD_BYTES = 32;

    private final WritableByteChannel channel;
    private final ByteBuffer slab;
    private final boolean structured;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final AtomicLong writingSinceNs = new AtomicLong(-1);
    private boolean broken;

    ReplyWriter(WritableByteChannel channel, Slab slab, boolean structured) {
        this.channel = channel;
        this.slab = slab.view();
        this.structured = structured;
    }

    /** How long the client has not taken what is being written; any thread. */
    long writingFor(long nowNs) {
        long sinceNs = writingSinceNs.get();
        return sinceNs < 0 ? 0 : nowNs - sinceNs;
    }

    /** The command's memory is free again when this returns. */
    void put(Command command) {
        boolean data = command.type == Nbd.CMD_READ && command.error == 0 && command.length > 0;
        int copied = data && command.length <= COPIED_BYTES ? command.length : 0;
        if (out.remaining() < MAX_HEAD_BYTES + copied) {
            flush();
        }
        putHead(command, data);
        if (!data) {
            return;
        }
        int at = command.dataAt();
        if (copied > 0) {
            out.put(out.position(), slab, at, copied);
            out.position(out.position() + copied);
        } else {
            flush();
            write(slab.clear().position(at).limit(at + command.length));
            slab.clear();
        }
    }

    private void putHead(Command command, boolean data) {
        if (!structured || command.type != Nbd.CMD_READ) {
            out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(command.error).putLong(command.cookie);
        } else if (data) {
            putChunk(Nbd.CHUNK_OFFSET_DATA, command.cookie, Long.BYTES + command.length);
            out.putLong(command.offset);
        } else if (command.error != 0) {
            putChunk(Nbd.CHUNK_ERROR, command.cookie, Integer.BYTES + Short.BYTES);
            out.putInt(command.error).putShort((short) 0);
        } else {
            putChunk(Nbd.CHUNK_NONE, command.cookie, 0);
        }
    }

    private void putChunk(int type, long cookie, int lengthBytes) {
        out.putInt(Nbd.CHUNK_MAGIC).putShort((short) Nbd.CHUNK_FLAG_DONE).putShort((short) type);
        out.putLong(cookie).putInt(lengthBytes);
    }

    /** Sends what was put together so far. */
    void flush() {
        write(out.flip());
        out.clear();
    }

    private void write(ByteBuffer bytes) {
        if (broken || !bytes.hasRemaining()) {
            return;
        }
        writingSinceNs.set(Math.max(0, System.nanoTime()));
        try {
            Wire.writeFully(channel, bytes);
        } catch (IOException e) {
            broken = true;
            close();
        }
        writingSinceNs.set(-1);
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            broken = true;
        }
    }
}
