// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.List;

/**
 * What initiators have changed about a target, at one moment.
 *
 * @param config the config string, each character one byte (ISO 8859-1), at most 1024
 * @param mask the MAC mask list, see {@link org.vblade4j.wire.Mac}; not the operator's own
 * @param reservation the stations that hold the target
 */
public record StateImage(String config, List<Long> mask, List<Long> reservation) {
    /** As a target starts that has no history. */
    public static final StateImage EMPTY = new StateImage("", List.of(), List.of());

    public StateImage {
        mask = List.copyOf(mask);
        reservation = List.copyOf(reservation);
    }

    StateImage withConfig(String newer) {
        return new StateImage(newer, mask, reservation);
    }

    StateImage withMask(List<Long> newer) {
        return new StateImage(config, newer, reservation);
    }

    StateImage withReservation(List<Long> newer) {
        return new StateImage(config, mask, newer);
    }
}
