// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Writes replies to one client, small ones together. After a failure it swallows the rest: whoever
 * closes the channel ends the reading, too. One thread.
 */
final class ReplyWriter {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int COPIED_BYTES = 1 << 13;
    private static final int MAX_HEAD_BYTES = 32;

    private final WritableByteChannel channel;
    private final Slab own;
    private final ByteBuffer ownView;
    private final Deadline deadline;
    private final boolean structured;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private boolean broken;

    /**
     * @param own the memory that most commands' data lie in
     * @param deadline runs while the client has not taken what is being written
     */
    ReplyWriter(WritableByteChannel channel, Slab own, Deadline deadline, boolean structured) {
        this.channel = channel;
        this.own = own;
        this.deadline = deadline;
        ownView = own.view();
        this.structured = structured;
    }

    /** The command's memory is free again when this returns. */
    @SuppressWarnings("ReferenceEquality") // there is one of its own
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
        ByteBuffer view = command.slab == own ? ownView : command.slab.view();
        view.clear();
        if (copied > 0) {
            out.put(out.position(), view, at, copied);
            out.position(out.position() + copied);
        } else {
            flush();
            write(view.position(at).limit(at + command.length));
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
        deadline.beginBytes(bytes.remaining());
        try {
            Wire.writeFully(channel, bytes);
        } catch (IOException e) {
            broken = true;
            close();
        }
        deadline.end();
    }

    private void close() {
        try {
            channel.close();
        } catch (IOException e) {
            broken = true;
        }
    }
}
