// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what the settings file says about stations: who may do what, and how much of it. */
final class StationSettings {
    private StationSettings() {}

    /** Each key that is given replaces the base's. */
    static AccessOptions access(SettingsNode node, AccessOptions base) {
        node.allowOnly(Set.of("default", "allow", "deny"));
        return new AccessOptions(
                rights(node, "default", base.byDefault()),
                lists(node.section("allow"), base.allowed()),
                lists(node.section("deny"), base.denied()));
    }

    private static Set<Right> rights(SettingsNode node, String key, Set<Right> base) {
        Optional<List<String>> words = node.texts(key);
        if (words.isEmpty()) {
            return base;
        }
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (String word : words.get()) {
            Optional<Right> right = Right.of(word);
            right.ifPresent(rights::add);
            if (right.isEmpty()) {
                String expected = String.join(", ", Right.labels());
                node.refuse(key, "unknown right '" + word + "'; expected some of " + expected);
            }
        }
        return rights;
    }

    private static Map<Right, List<Long>> lists(SettingsNode node, Map<Right, List<Long>> base) {
        node.allowOnly(new LinkedHashSet<>(Right.labels()));
        Map<Right, List<Long>> lists = new EnumMap<>(base);
        for (Right right : Right.values()) {
            macs(node, right.label()).ifPresent(macs -> lists.put(right, macs));
        }
        return lists;
    }

    private static Optional<List<Long>> macs(SettingsNode node, String key) {
        return node.texts(key).map(node.rules(key)::macs);
    }

    /** A group is only looked at where it is used, by HOCON; here a mistake in it is found. */
    static void checkGroups(SettingsNode groups) {
        groups.keys().forEach(name -> macs(groups, name));
    }

    static ClientLimits limits(SettingsNode node, ClientLimits base) {
        node.allowOnly(
                Set.of(
                        "requests-per-second",
                        "bytes-per-second",
                        "queries-per-second",
                        "unknown-bytes-per-second",
                        "unknown-changes-per-second"));
        return new ClientLimits(
                count(node, "requests-per-second", base.requestsPerSecond()),
                bytes(node, "bytes-per-second", base.bytesPerSecond()),
                count(node, "queries-per-second", base.queriesPerSecond()),
                bytes(node, "unknown-bytes-per-second", base.unknownBytesPerSecond()),
                count(node, "unknown-changes-per-second", base.unknownChangesPerSecond()));
    }

    private static int count(SettingsNode node, String key, int base) {
        return node.integer(key, base, 0, ClientLimits.MAX_PER_SECOND);
    }

    private static long bytes(SettingsNode node, String key, long base) {
        return node.whole(key, base, 0, ClientLimits.MAX_BYTES_PER_SECOND);
    }

    static BackendLoss loss(SettingsNode node, BackendLoss base) {
        return new BackendLoss(
                node.word("on-backend-loss", BackendLoss.Answer.class, base.whenAway()),
                node.word("on-no-space", BackendLoss.Answer.class, base.whenFull()),
                node.durationOrZero(
                        "stall-limit",
                        base.stallLimit(),
                        BackendLoss.SHORTEST_LIMIT,
                        BackendLoss.LONGEST_LIMIT));
    }
}
