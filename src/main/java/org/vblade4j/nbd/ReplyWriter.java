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

    /** The head of a chunk with data, and a chunk that only tells an error. */
    private static final int MAX_HEAD_BYTES = 64;

    private final WritableByteChannel channel;
    private final ByteBuffer view;
    private final Deadline deadline;
    private final boolean structured;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private boolean broken;

    /**
     * @param own the memory that commands' data lie in
     * @param deadline runs while the client has not taken what is being written
     */
    ReplyWriter(WritableByteChannel channel, Slab own, Deadline deadline, boolean structured) {
        this.channel = channel;
        this.deadline = deadline;
        view = own.view();
        this.structured = structured;
    }

    /** The command's memory is free again when this returns. */
    void put(Command command) {
        boolean data = command.type == Nbd.CMD_READ && command.error == 0 && command.length > 0;
        if (out.remaining() < MAX_HEAD_BYTES + (copied(command) ? command.length : 0)) {
            flush();
        }
        if (command.whole != null) {
            putPart(command);
        } else if (structured && command.type == Nbd.CMD_READ) {
            putRead(command, data);
        } else {
            putSimple(command.error, command.cookie);
            putData(command, data);
        }
    }

    private static boolean copied(Command command) {
        return command.type == Nbd.CMD_READ && command.length <= COPIED_BYTES;
    }

    private void putRead(Command command, boolean data) {
        if (command.error != 0) {
            putError(command.error, command.cookie);
        } else if (data) {
            putChunk(command, Nbd.CHUNK_FLAG_DONE);
        } else {
            putChunkHead(Nbd.CHUNK_FLAG_DONE, Nbd.CHUNK_NONE, command.cookie, 0);
        }
    }

    /** Chunks come in any order; after a simple head the parts follow each other. */
    private void putPart(Command part) {
        Whole whole = part.whole;
        boolean first = whole.first();
        boolean last = whole.ended(part);
        if (part.type != Nbd.CMD_READ) {
            if (last) {
                putSimple(whole.error, part.cookie);
            }
        } else if (structured) {
            if (part.error == 0) {
                putChunk(part, last && whole.error == 0 ? Nbd.CHUNK_FLAG_DONE : 0);
            }
            if (last && whole.error != 0) {
                putError(whole.error, part.cookie);
            }
        } else if (first) {
            putSimple(part.error, part.cookie);
            putData(part, part.error == 0);
        } else if (part.error != 0) {
            close(); // the protocol knows no other way to say so when the head is out
        } else {
            putData(part, true);
        }
    }

    private void putSimple(int error, long cookie) {
        out.putInt(Nbd.SIMPLE_REPLY_MAGIC).putInt(error).putLong(cookie);
    }

    private void putChunk(Command command, int flags) {
        putChunkHead(flags, Nbd.CHUNK_OFFSET_DATA, command.cookie, Long.BYTES + command.length);
        out.putLong(command.offset);
        putData(command, true);
    }

    private void putError(int error, long cookie) {
        int bytes = Integer.BYTES + Short.BYTES;
        putChunkHead(Nbd.CHUNK_FLAG_DONE, Nbd.CHUNK_ERROR, cookie, bytes);
        out.putInt(error).putShort((short) 0);
    }

    private void putChunkHead(int flags, int type, long cookie, int lengthBytes) {
        out.putInt(Nbd.CHUNK_MAGIC).putShort((short) flags).putShort((short) type);
        out.putLong(cookie).putInt(lengthBytes);
    }

    private void putData(Command command, boolean data) {
        if (!data) {
            return;
        }
        int at = command.dataAt();
        view.clear();
        if (copied(command)) {
            out.put(out.position(), view, at, command.length);
            out.position(out.position() + command.length);
        } else {
            flush();
            write(view.position(at).limit(at + command.length));
        }
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
            close();
        }
        deadline.end();
    }

    private void close() {
        broken = true;
        try {
            channel.close();
        } catch (IOException e) {
            broken = true; // as it is
        }
    }
}
