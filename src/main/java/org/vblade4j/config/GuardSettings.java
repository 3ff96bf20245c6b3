// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.time.Duration;
import java.util.Set;

/** Reads what the settings file says about conflicts and about changes by initiators. */
final class GuardSettings {
    private static final Duration LONGEST_PROBE = Duration.ofSeconds(5);
    private static final Duration LONGEST_WATCH = Duration.ofHours(24);

    private GuardSettings() {}

    /** Each key that is given replaces the base's. */
    static GuardOptions guard(SettingsNode node, GuardOptions base) {
        node.allowOnly(Set.of("device-in-use", "address-in-use", "address-probe", "address-watch"));
        return new GuardOptions(
                node.word("device-in-use", GuardOptions.Conflict.class, base.deviceInUse()),
                node.word("address-in-use", GuardOptions.Conflict.class, base.addressInUse()),
                node.duration("address-probe", base.probe(), Duration.ZERO, LONGEST_PROBE),
                node.duration("address-watch", base.watch(), Duration.ZERO, LONGEST_WATCH));
    }

    /** Each key that is given replaces the base's. */
    static RemoteOptions remote(SettingsNode node, RemoteOptions base) {
        node.allowOnly(Set.of("keep", "config-string", "mac-mask", "reservation", "admins"));
        return new RemoteOptions(
                node.flag("keep", base.keep()),
                node.word("config-string", RemoteOptions.Policy.class, base.configString()),
                node.word("mac-mask", RemoteOptions.Policy.class, base.macMask()),
                node.word("reservation", RemoteOptions.Policy.class, base.reservation()),
                node.texts("admins").map(node.rules("admins")::macs).orElse(base.admins()));
    }
}
