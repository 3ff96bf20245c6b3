// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

/** What a {@linkplain DiskPath path} is good for. */
public enum PathState {
    /**
     * Its station has not said which disk it serves, or was silent since: nothing else goes there.
     */
    UNPROVEN,
    UP,
    /** Silent while others answer; tried again every second. */
    DOWN,
    /** Its station serves another disk under the same address: never used. */
    FOREIGN,
    /** Its interface is gone. */
    FAILED
}
