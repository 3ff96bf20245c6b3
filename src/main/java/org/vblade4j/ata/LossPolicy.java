// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.ata;

/**
 * What a host is told of a failure that may pass: nothing, so that it waits and asks again, for up
 * to 180 seconds as Linux does, or an ATA error at once.
 *
 * @param stallsWhenAway nothing while the store is away
 * @param stallsWhenFull nothing for a write that finds no space
 */
public record LossPolicy(boolean stallsWhenAway, boolean stallsWhenFull) {
    public static final LossPolicy DEFAULT = new LossPolicy(true, false);
}
