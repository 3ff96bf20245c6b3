// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which stations may do what with an export: a station has the default rights and those that it is
 * allowed, without those that it is denied. Stations are Ethernet addresses as in {@link
 * org.vblade4j.wire.Mac}.
 *
 * @param byDefault rights of every station, unless denied
 * @param allowed stations by the right they have beyond the default
 * @param denied stations by the right they do not have, whatever else is said
 */
public record AccessOptions(
        Set<Right> byDefault, Map<Right, List<Long>> allowed, Map<Right, List<Long>> denied) {

    /** Everybody may do everything, as with vblade. */
    public static final AccessOptions OPEN =
            new AccessOptions(Set.of(Right.values()), Map.of(), Map.of());

    public AccessOptions {
        byDefault = Set.copyOf(byDefault);
        allowed = complete(allowed);
        denied = complete(denied);
    }

    /** Every right has a list, so that two ways to say the same are equal. */
    private static Map<Right, List<Long>> complete(Map<Right, List<Long>> lists) {
        Map<Right, List<Long>> all = new LinkedHashMap<>();
        for (Right right : Right.values()) {
            all.put(right, List.copyOf(lists.getOrDefault(right, List.of())));
        }
        return Collections.unmodifiableMap(all);
    }

    /** Every station that a list names. */
    public Set<Long> stations() {
        Set<Long> stations = new LinkedHashSet<>();
        for (Right right : Right.values()) {
            stations.addAll(allowed.get(right));
            stations.addAll(denied.get(right));
        }
        return stations;
    }

    /** What one station may do. */
    public Set<Right> rightsOf(long mac) {
        Set<Right> rights = EnumSet.noneOf(Right.class);
        for (Right right : Right.values()) {
            boolean granted = byDefault.contains(right) || allowed.get(right).contains(mac);
            if (granted && !denied.get(right).contains(mac)) {
                rights.add(right);
            }
        }
        return rights;
    }
}
