// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.time.Duration;

/**
 * What initiators are told while the device behind an export cannot serve them.
 *
 * @param whenAway while the device is gone and may come back
 * @param whenFull for a write that finds no space, on a sparse file for example
 * @param stallLimit how long they are told nothing, whatever the reason; {@link Duration#ZERO} for
 *     no limit
 */
public record BackendLoss(Answer whenAway, Answer whenFull, Duration stallLimit) {
    /** The two ways. */
    public enum Answer {
        /** Nothing: the host waits, asks again, and goes on when it can. */
        STALL,
        /** An ATA error at once. */
        FAIL
    }

    /** {@code vblade4j.defaults} of {@code reference.conf}. */
    public static final BackendLoss DEFAULTS =
            new BackendLoss(Answer.STALL, Answer.FAIL, Duration.ofMinutes(2));

    /** With less, a disk that is only slow would be taken for one that hangs. */
    static final Duration SHORTEST_LIMIT = Duration.ofSeconds(1);

    static final Duration LONGEST_LIMIT = Duration.ofHours(1);
}
