// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.ArrayList;
import java.util.List;

/**
 * Hardware addresses for several hosts on one interface: the interface's own, and others that
 * differ from it in the first octet, locally administered and unlike one another.
 */
public final class Stations {
    public static final int MAX_HOSTS = 32;
    private static final int FIRST_OCTET = 40;
    private static final long LOCAL = 2;
    private static final long STEP = 4; // above the bits for group and local addresses

    private Stations() {}

    /** The hosts' addresses, the interface's own first. */
    public static List<Long> all(long mac, int hosts) {
        List<Long> stations = new ArrayList<>(List.of(mac));
        stations.addAll(besides(mac, hosts));
        return stations;
    }

    /** Those besides the interface's own. */
    public static List<Long> besides(long mac, int hosts) {
        long local = mac | LOCAL << FIRST_OCTET;
        List<Long> stations = new ArrayList<>();
        for (int i = 1; i < hosts; i++) {
            stations.add(local ^ ((i * STEP) << FIRST_OCTET));
        }
        return stations;
    }
}
