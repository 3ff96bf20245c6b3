// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whose changes a target accepts, by kind. A kind that is not named is open to every station that
 * is listened to.
 */
public final class RemotePolicy {
    /** Everybody may change everything. */
    public static final RemotePolicy OPEN = new RemotePolicy(Map.of());

    private final Map<Change.Kind, long[]> stations = new EnumMap<>(Change.Kind.class);

    /**
     * @param allowed for a kind, the only stations that may; none means nobody
     */
    public RemotePolicy(Map<Change.Kind, List<Long>> allowed) {
        allowed.forEach(
                (kind, macs) ->
                        stations.put(kind, macs.stream().mapToLong(Long::longValue).toArray()));
    }

    boolean allows(Change.Kind kind, long source) {
        long[] allowed = stations.get(kind);
        if (allowed == null) {
            return true;
        }
        for (long mac : allowed) {
            if (mac == source) {
                return true;
            }
        }
        return false;
    }
}
