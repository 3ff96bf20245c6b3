// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.ByteBuffer;

/**
 * The fixed part of a request.
 *
 * @param length unsigned; only WRITE_ZEROES may use the sign bit
 */
record RequestHead(int flags, int type, long cookie, long offset, int length) {
    private static final int WRITE_FLAGS = Nbd.CMD_FLAG_FUA;
    private static final int READ_FLAGS = Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_DF;
    private static final int ZERO_FLAGS =
            Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO;

    /** Reads the 28 bytes from the buffer's position. */
    static RequestHead parse(ByteBuffer buffer) throws ProtocolException {
        int magic = buffer.getInt();
        if (magic != Nbd.REQUEST_MAGIC) {
            throw new ProtocolException("no request where one was expected");
        }
        return new RequestHead(
                buffer.getShort() & 0xffff,
                buffer.getShort() & 0xffff,
                buffer.getLong(),
                buffer.getLong(),
                buffer.getInt());
    }

    /** What it is about, in bytes. */
    long bytes() {
        return Integer.toUnsignedLong(length);
    }

    /** It is carried out in parts, see {@link Whole}. */
    boolean isLong() {
        return (type == Nbd.CMD_READ || type == Nbd.CMD_WRITE)
                && bytes() > NbdExport.ASKED_BLOCK_BYTES;
    }

    /** Bytes that follow it on the wire. */
    int payloadBytes() throws ProtocolException {
        if (type != Nbd.CMD_WRITE) {
            return 0;
        }
        if (length < 0 || length > NbdExport.MAX_BLOCK_BYTES) {
            throw new ProtocolException("a write of " + Integer.toUnsignedString(length));
        }
        return length;
    }

    /** The error it is to be answered with at once, or 0. */
    int refusal(NbdExport export, boolean structured, long sizeBytes) {
        int known =
                switch (type) {
                    case Nbd.CMD_READ -> structured ? READ_FLAGS : Nbd.CMD_FLAG_FUA;
                    case Nbd.CMD_WRITE, Nbd.CMD_FLUSH -> WRITE_FLAGS;
                    case Nbd.CMD_WRITE_ZEROES -> ZERO_FLAGS;
                    default -> -1;
                };
        if (known < 0 || (flags & ~known) != 0) {
            return Nbd.EINVAL;
        }
        if (type == Nbd.CMD_FLUSH) {
            return offset == 0 && length == 0 ? 0 : Nbd.EINVAL; // reserved
        }
        boolean changes = type != Nbd.CMD_READ;
        if (changes && export.readOnly()) {
            return Nbd.EPERM;
        }
        if (offset < 0 || offset > sizeBytes || bytes() > sizeBytes - offset) {
            return changes ? Nbd.ENOSPC : Nbd.EINVAL;
        }
        if (type == Nbd.CMD_READ && bytes() > NbdExport.MAX_BLOCK_BYTES) {
            return Nbd.EINVAL;
        }
        if (isLong() && (flags & Nbd.CMD_FLAG_DF) != 0) {
            return Nbd.EOVERFLOW;
        }
        return (flags & Nbd.CMD_FLAG_FAST_ZERO) != 0 ? Nbd.ENOTSUP : 0;
    }
}
