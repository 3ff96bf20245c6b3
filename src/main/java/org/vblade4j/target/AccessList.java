// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.Map;

/**
 * What stations may do with a target: those that are named what their entry says, all others the
 * default. Fixed once made; asked for every frame, in constant time.
 */
public final class AccessList {
    /** To learn that the target exists. */
    public static final int DISCOVER = 1;

    public static final int READ = 2;
    public static final int WRITE = 4;

    /** To change the config string, the mask list and the reservation. */
    public static final int CONFIG = 8;

    public static final int NONE = 0;
    public static final int ALL = DISCOVER | READ | WRITE | CONFIG;

    /** Everybody may do everything. */
    public static final AccessList OPEN = new AccessList(ALL, Map.of());

    private final int byDefault;
    private final MacTable rights;
    private final long[] named;

    /**
     * @param byDefault rights of stations that are not named, bits of the constants here
     * @param stations rights by station
     */
    public AccessList(int byDefault, Map<Long, Integer> stations) {
        this.byDefault = byDefault;
        rights = new MacTable();
        stations.forEach(rights::put);
        named = stations.keySet().stream().mapToLong(Long::longValue).toArray();
    }

    int rightsOf(long mac) {
        int own = rights.get(mac);
        return own == MacTable.ABSENT ? byDefault : own;
    }

    /** Whether stations that nobody named have a right. */
    boolean byDefault(int right) {
        return (byDefault & right) != 0;
    }

    /** How many stations are named. */
    int size() {
        return named.length;
    }

    /** The {@code index}th named station. */
    long mac(int index) {
        return named[index];
    }
}
