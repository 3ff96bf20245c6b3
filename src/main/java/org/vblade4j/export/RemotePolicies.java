// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.RemoteOptions;
import org.vblade4j.target.Change;
import org.vblade4j.target.RemotePolicy;

/** Whose changes an export accepts, as its target is told. */
final class RemotePolicies {
    private RemotePolicies() {}

    static RemotePolicy of(ExportOptions options) {
        RemoteOptions remote = options.remote();
        Map<Change.Kind, List<Long>> allowed = new EnumMap<>(Change.Kind.class);
        put(allowed, Change.Kind.CONFIG_STRING, remote.configString(), remote.admins());
        put(allowed, Change.Kind.MAC_MASK, remote.macMask(), remote.admins());
        put(allowed, Change.Kind.RESERVATION, remote.reservation(), remote.admins());
        return new RemotePolicy(allowed);
    }

    private static void put(
            Map<Change.Kind, List<Long>> allowed,
            Change.Kind kind,
            RemoteOptions.Policy policy,
            List<Long> admins) {
        switch (policy) {
            case ALLOWED -> allowed.remove(kind);
            case ADMINS -> allowed.put(kind, admins);
            default -> allowed.put(kind, List.of());
        }
    }
}
