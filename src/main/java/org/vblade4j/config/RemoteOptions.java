// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.List;

/**
 * What initiators may change about an export, apart from its data, and whether that is kept.
 *
 * @param keep changes survive a restart
 * @param configString who may set the config string (AoEr11 §3.2)
 * @param macMask who may edit the MAC mask list (§3.3)
 * @param reservation who may reserve and release (§3.4)
 * @param admins the stations that {@link Policy#ADMINS} means, as in {@link org.vblade4j.wire.Mac};
 *     may be nobody
 */
public record RemoteOptions(
        boolean keep, Policy configString, Policy macMask, Policy reservation, List<Long> admins) {
    /** Whose changes are accepted. */
    public enum Policy {
        ALLOWED,
        ADMINS,
        REFUSED
    }

    /** As in {@code reference.conf}. */
    public static final RemoteOptions DEFAULTS =
            new RemoteOptions(true, Policy.ALLOWED, Policy.ADMINS, Policy.ALLOWED, List.of());

    /** As the C program has it: everybody may, and nothing is kept. */
    public static final RemoteOptions VBLADE =
            new RemoteOptions(false, Policy.ALLOWED, Policy.ALLOWED, Policy.ALLOWED, List.of());

    public RemoteOptions {
        admins = List.copyOf(admins);
    }
}
