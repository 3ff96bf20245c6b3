// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

import java.util.concurrent.TimeUnit;

/**
 * What a host is told of a failure that may pass: nothing, so that it waits and asks again, or an
 * ATA error at once.
 *
 * @param stallsWhenAway nothing while the store is away
 * @param stallsWhenFull nothing for a write that finds no space
 * @param limitNs how long a host is told nothing, for whatever reason; Linux gives a disk up after
 *     180 seconds
 */
public record LossPolicy(boolean stallsWhenAway, boolean stallsWhenFull, long limitNs) {
    public static final long NO_LIMIT = Long.MAX_VALUE;

    public static final LossPolicy DEFAULT =
            new LossPolicy(true, false, TimeUnit.SECONDS.toNanos(120));

    /** An error at once, whatever it is. */
    public static final LossPolicy FAIL = new LossPolicy(false, false, 0);
}
