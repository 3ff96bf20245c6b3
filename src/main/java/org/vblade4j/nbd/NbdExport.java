// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

/**
 * What clients are told of the disk.
 *
 * @param name besides the empty name, which is the default export's
 * @param description for people
 * @param readOnly writes are refused
 * @param preferredBytes of a request, a power of two, 4096 or more
 */
public record NbdExport(String name, String description, boolean readOnly, int preferredBytes) {
    /** The longest string of the protocol. */
    static final int MAX_STRING_BYTES = 4096;

    static final int MIN_BLOCK_BYTES = 512;

    /** The longest read or write that clients are asked for. */
    static final int ASKED_BLOCK_BYTES = 1 << 20;

    /** The longest one that is served: what clients may send that do not ask. */
    static final int MAX_BLOCK_BYTES = 32 << 20;

    /** Transmission flags. Only what is true: nothing can be discarded or cached. */
    int flags(boolean structured) {
        int flags = Nbd.HAS_FLAGS | Nbd.SEND_FLUSH | Nbd.SEND_FUA | Nbd.CAN_MULTI_CONN;
        flags |= structured ? Nbd.SEND_DF : 0;
        return flags | (readOnly ? Nbd.READ_ONLY : Nbd.SEND_WRITE_ZEROES | Nbd.SEND_FAST_ZERO);
    }
}
