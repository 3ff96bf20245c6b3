// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

/**
 * A read or write that is longer than the longest one that clients are asked for. It is carried out
 * in parts, so that its client needs no more memory for it than for others. The thread that writes
 * replies counts them.
 */
final class Whole {
    final RequestHead head;

    /** Of the first part that failed, or 0. */
    int error;

    private int endedBytes;

    Whole(RequestHead head) {
        this.head = head;
    }

    /** No part has ended before. */
    boolean first() {
        return endedBytes == 0;
    }

    /** Notes that a part has ended; true for the last one. */
    boolean ended(Command part) {
        endedBytes += part.length;
        error = error == 0 ? part.error : error;
        return endedBytes == head.length();
    }

    /** The part that begins behind so many bytes; it ends with a sector if it is not the last. */
    RequestHead part(int behindBytes) {
        long offset = head.offset() + behindBytes;
        int most = NbdExport.ASKED_BLOCK_BYTES - (int) (offset % NbdExport.MIN_BLOCK_BYTES);
        int bytes = Math.min(most, head.length() - behindBytes);
        return new RequestHead(head.flags(), head.type(), head.cookie(), offset, bytes);
    }
}
