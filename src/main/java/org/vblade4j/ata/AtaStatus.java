// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

/** How a command ended, in the ATA registers' terms, and the one table that maps stores to it. */
public final class AtaStatus {
    /** Status of a command that did what it was asked. */
    public static final int SUCCESS = AtaFrame.STATUS_READY;

    /** Status of a failed command; the error register says why. */
    public static final int FAILURE = AtaFrame.STATUS_READY | AtaFrame.STATUS_ERROR;

    /** Instead of an error register: leave the host waiting, it will ask again. */
    public static final int SILENCE = -1;

    private AtaStatus() {}

    /**
     * The error register for a finished store request, 0 for success, or {@link #SILENCE}. A
     * failure is an ATA error and never an AoE one: Linux fails the I/O at once on the first and
     * hangs for three minutes on the second.
     */
    public static int error(StoreStatus status, LossPolicy policy) {
        return switch (status) {
            case OK -> 0;
            case OUT_OF_RANGE -> AtaFrame.ERROR_IDNF;
            case MEDIA_ERROR -> AtaFrame.ERROR_UNC;
            case READ_ONLY -> AtaFrame.ERROR_ABRT;
            case NO_SPACE -> policy.stallsWhenFull() ? SILENCE : AtaFrame.ERROR_ABRT;
            case UNAVAILABLE -> policy.stallsWhenAway() ? SILENCE : AtaFrame.ERROR_ABRT;
        };
    }
}
