// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

/** How a request ended, in terms that do not depend on what the store is made of. */
public enum StoreStatus {
    OK,
    /** The store ends before the range does: it shrank under the caller. */
    OUT_OF_RANGE,
    /** The medium failed to give or take the data (EIO). */
    MEDIA_ERROR,
    /** No room for a write to a sparse store (ENOSPC, EDQUOT). */
    NO_SPACE,
    /** A write to a store that takes none. */
    READ_ONLY,
    /** The store is away for now and may come back: stay silent, the initiator will resend. */
    UNAVAILABLE
}
