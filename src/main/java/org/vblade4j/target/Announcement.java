// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.net.EthernetPort;
import org.vblade4j.store.BlockStore;
import org.vblade4j.wire.Mac;

/**
 * Makes the target known unasked: a config response to everybody or, with a mask list, to each
 * station on it. Repeated when something that hosts should learn has changed. When slots run out
 * the rest follows later.
 */
final class Announcement {
    private final EthernetPort port;
    private final BlockStore store;
    private final TargetState state;
    private final ConfigCommand config;
    private long announcedMac;
    private int announcedMtuBytes;
    private long announcedSectors;
    private boolean started;
    private boolean finished = true;
    private int next;

    Announcement(EthernetPort port, BlockStore store, TargetState state, ConfigCommand config) {
        this.port = port;
        this.store = store;
        this.state = state;
        this.config = config;
    }

    void start() {
        announcedMac = port.mac();
        announcedMtuBytes = port.mtuBytes();
        announcedSectors = store.sectors();
        started = true;
        finished = false;
        next = 0;
        proceed();
    }

    /** Goes on with an unfinished announcement; starts another after a change. */
    void poll() {
        if (started && changed()) {
            start();
        } else if (!finished) {
            proceed();
        }
    }

    private boolean changed() {
        return port.mtuBytes() != announcedMtuBytes
                || port.mac() != announcedMac
                || store.sectors() != announcedSectors;
    }

    private void proceed() {
        MacList mask = state.mask();
        int count = Math.max(1, mask.size());
        while (next < count) {
            if (!config.announce(mask.isEmpty() ? Mac.BROADCAST : mask.mac(next))) {
                return;
            }
            next++;
        }
        finished = true;
    }
}
