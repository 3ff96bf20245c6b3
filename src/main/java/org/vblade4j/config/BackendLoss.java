// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * What initiators are told while the device behind an export cannot serve them.
 *
 * @param whenAway while the device is gone and may come back
 * @param whenFull for a write that finds no space, on a sparse file for example
 */
public record BackendLoss(Answer whenAway, Answer whenFull) {
    /** The two ways. */
    public enum Answer {
        /** Nothing: the host waits, asks again, and goes on when it can. */
        STALL,
        /** An ATA error at once. */
        FAIL
    }

    /** {@code vblade4j.defaults} of {@code reference.conf}. */
    public static final BackendLoss DEFAULTS = new BackendLoss(Answer.STALL, Answer.FAIL);
}
