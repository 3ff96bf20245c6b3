// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

/**
 * Asks each lane which disk it leads to before data may take it, also after it was silent, and
 * before the first request after a second in which nothing passed. The first answer decides what
 * the disk is; a station that then shows another model, serial number, world wide name or size is
 * never used; only what was not silent may have grown. A lane that went down while others were up
 * is up again once its station identifies itself as before and a frame of full size has gone both
 * ways.
 */
final class Prober {
    private final Lanes lanes;
    private final Exchange exchange;
    private RemoteIdentity identity;
    private StoreStatus failure = StoreStatus.OK;
    private boolean identifyWanted;

    Prober(Lanes lanes, Exchange exchange) {
        this.lanes = lanes;
        this.exchange = exchange;
    }

    RemoteIdentity identity() {
        return identity;
    }

    /** How the latest IDENTIFY ended. */
    StoreStatus failure() {
        return failure;
    }

    void identifyAgain() {
        identifyWanted = true;
    }

    /** Nothing is being asked. */
    boolean quiet() {
        for (Lane lane : lanes.all) {
            if (lane.probing || lane.state == PathState.UNPROVEN) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param work requests wait for a lane
     */
    void poll(long nowNs, boolean work) {
        for (Lane lane : lanes.all) {
            boolean waits = lane.state == PathState.UNPROVEN || lane.state == PathState.DOWN;
            boolean due = waits && !lane.probing && lane.probeNs - nowNs <= 0;
            if (due || (work && lane.quiet(nowNs))) {
                ask(lane, AtaFrame.IDENTIFY, 1);
            }
        }
        Flight flight = identifyWanted ? exchange.free() : null;
        if (flight != null) {
            identifyWanted = false;
            launch(flight, AtaFrame.IDENTIFY, 1);
        }
    }

    /** When {@link #poll} has something to do next, or -1. */
    long waitNs(long nowNs) {
        long waitNs = -1;
        for (Lane lane : lanes.all) {
            boolean waits = lane.state == PathState.UNPROVEN || lane.state == PathState.DOWN;
            if (waits && !lane.probing) {
                long restNs = Math.max(0, lane.probeNs - nowNs);
                waitNs = waitNs < 0 ? restNs : Math.min(waitNs, restNs);
            }
        }
        return waitNs;
    }

    private void ask(Lane lane, int command, int sectors) {
        Flight flight = exchange.freeOn(lane);
        if (flight != null) {
            flight.once = lane.state == PathState.DOWN;
            lane.probing = true;
            launch(flight, command, sectors);
        }
    }

    private void launch(Flight flight, int command, int sectors) {
        failure = StoreStatus.OK;
        flight.command = command;
        flight.lba = 0;
        flight.sectors = sectors;
        exchange.launch(flight);
    }

    /** An answer to a flight without a transfer. */
    void onAnswer(
            Flight flight, StoreStatus status, ByteBuffer buffer, int dataOffset, long nowNs) {
        Lane lane = flight.lane;
        if (flight.pinned) {
            lane.probing = false;
        }
        if (status != StoreStatus.OK) {
            failed(flight, status, nowNs);
        } else if (flight.command != AtaFrame.IDENTIFY) {
            lanes.change(lane, PathState.UP, nowNs);
        } else {
            identified(flight, RemoteIdentity.read(buffer, dataOffset), nowNs);
        }
    }

    private void identified(Flight flight, RemoteIdentity found, long nowNs) {
        Lane lane = flight.lane;
        lane.identity = found;
        identity = identity == null ? found : identity;
        boolean sameSize = identity.sectors() == found.sectors();
        if (!identity.sameDisk(found) || (lane.state == PathState.UNPROVEN && !sameSize)) {
            lanes.foreign(lane, identity, nowNs);
        } else if (!flight.pinned || lane.up()) {
            identity = found;
        } else if (lane.state == PathState.UNPROVEN || found.sectors() == 0) {
            lanes.change(lane, PathState.UP, nowNs);
        } else if (sameSize) {
            int sectors = (int) Math.min(lanes.sectorsPerFrame(), found.sectors());
            ask(lane, found.extended() ? AtaFrame.READ_EXT : AtaFrame.READ, sectors);
        } else {
            lane.probeNs = nowNs + Lanes.PROBE_NS; // grown or shrunk: until identify() says so too
        }
    }

    void onSilence(Flight flight, long nowNs) {
        if (flight.pinned) {
            flight.lane.probing = false;
        }
        failed(flight, StoreStatus.UNAVAILABLE, nowNs);
    }

    private void failed(Flight flight, StoreStatus status, long nowNs) {
        failure = status;
        Lane lane = flight.lane;
        if (flight.pinned && lane.possible()) {
            boolean only = identity != null && !lanes.othersUp(lane);
            lanes.change(lane, only ? PathState.UNPROVEN : PathState.DOWN, nowNs);
        }
    }
}
