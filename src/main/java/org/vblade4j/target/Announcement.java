// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.net.EthernetPort;
import org.vblade4j.store.BlockStore;
import org.vblade4j.wire.Mac;

/**
 * Makes the target known unasked: a config response to everybody; or to each station on the mask
 * list; or, where not everybody may discover it, to each that may. Repeated when something that
 * hosts should learn has changed. When slots run out the rest follows later.
 */
final class Announcement {
    private final EthernetPort port;
    private final BlockStore store;
    private final TargetState state;
    private final AccessList access;
    private final ConfigCommand config;
    private long announcedMac;
    private int announcedMtuBytes;
    private long announcedSectors;
    private boolean started;
    private boolean finished = true;
    private int next;

    Announcement(
            EthernetPort port,
            BlockStore store,
            TargetState state,
            AccessList access,
            ConfigCommand config) {
        this.port = port;
        this.store = store;
        this.state = state;
        this.access = access;
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

    /** One question to all for the target's own address. */
    void query() {
        config.query(Mac.BROADCAST);
    }

    private boolean changed() {
        return port.mtuBytes() != announcedMtuBytes
                || port.mac() != announcedMac
                || store.sectors() != announcedSectors;
    }

    private void proceed() {
        MacList mask = state.mask();
        boolean toAll = mask.isEmpty() && access.byDefault(AccessList.DISCOVER);
        int count = toAll ? 1 : mask.isEmpty() ? access.size() : mask.size();
        while (next < count) {
            long station =
                    toAll ? Mac.BROADCAST : mask.isEmpty() ? access.mac(next) : mask.mac(next);
            if (mayKnow(station) && !config.announce(station)) {
                return;
            }
            next++;
        }
        finished = true;
    }

    private boolean mayKnow(long station) {
        return station == Mac.BROADCAST || (access.rightsOf(station) & AccessList.DISCOVER) != 0;
    }
}
