// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/** What is wrong with a sector. */
public enum Kind {
    /** The data of a write that had certainly been overwritten before. */
    STALE,
    /** Not the data of one write. */
    TORN,
    /** Data that were written to another sector. */
    FOREIGN,
    /** Zeros, which nobody wrote. */
    ZEROED,
    /** Data of a write that nobody had sent. */
    UNKNOWN,
    /** Data from another run of this program. */
    OTHER_RUN
}
