// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

/**
 * Asks each path which disk it leads to before data may take it, also after it was silent, and
 * before the first request after a second in which nothing passed. The first answer decides what
 * the disk is; a station that then shows another model, serial number, world wide name or size is
 * never used; only what was not silent may have grown. A path that went down while others were up
 * is up again once its station identifies itself as before and a frame of full size has gone both
 * ways.
 */
final class Prober {
    private final ActivePaths paths;
    private final Exchange exchange;
    private RemoteIdentity identity;
    private StoreStatus failure = StoreStatus.OK;
    private boolean identifyWanted;

    Prober(ActivePaths paths, Exchange exchange) {
        this.paths = paths;
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
        for (ActivePath path : paths.all) {
            if (path.probing || path.state == PathState.UNPROVEN) {
                return false;
            }
        }
        return true;
    }

    /**
     * @param work requests wait for a path
     */
    void poll(long nowNs, boolean work) {
        for (ActivePath path : paths.all) {
            boolean waits = path.state == PathState.UNPROVEN || path.state == PathState.DOWN;
            boolean due = waits && !path.probing && path.probeNs - nowNs <= 0;
            if (due || (work && path.quiet(nowNs))) {
                ask(path, AtaFrame.IDENTIFY, 1);
            }
        }
        InFlightCommand inFlight = identifyWanted ? exchange.free() : null;
        if (inFlight != null) {
            identifyWanted = false;
            launch(inFlight, AtaFrame.IDENTIFY, 1);
        }
    }

    /** When {@link #poll} has something to do next, or -1. */
    long waitNs(long nowNs) {
        long waitNs = -1;
        for (ActivePath path : paths.all) {
            boolean waits = path.state == PathState.UNPROVEN || path.state == PathState.DOWN;
            if (waits && !path.probing) {
                long restNs = Math.max(0, path.probeNs - nowNs);
                waitNs = waitNs < 0 ? restNs : Math.min(waitNs, restNs);
            }
        }
        return waitNs;
    }

    private void ask(ActivePath path, int command, int sectors) {
        InFlightCommand inFlight = exchange.freeOn(path);
        if (inFlight != null) {
            inFlight.once = path.state == PathState.DOWN;
            path.probing = true;
            launch(inFlight, command, sectors);
        }
    }

    private void launch(InFlightCommand inFlight, int command, int sectors) {
        failure = StoreStatus.OK;
        inFlight.command = command;
        inFlight.lba = 0;
        inFlight.sectors = sectors;
        exchange.launch(inFlight);
    }

    /** An answer to a command in flight without a transfer. */
    void onAnswer(
            InFlightCommand inFlight,
            StoreStatus status,
            ByteBuffer buffer,
            int dataOffset,
            long nowNs) {
        ActivePath path = inFlight.path;
        if (inFlight.pinned) {
            path.probing = false;
        }
        if (status != StoreStatus.OK) {
            failed(inFlight, status, nowNs);
        } else if (inFlight.command != AtaFrame.IDENTIFY) {
            paths.change(path, PathState.UP, nowNs);
        } else {
            identified(inFlight, RemoteIdentity.read(buffer, dataOffset), nowNs);
        }
    }

    private void identified(InFlightCommand inFlight, RemoteIdentity found, long nowNs) {
        ActivePath path = inFlight.path;
        path.identity = found;
        identity = identity == null ? found : identity;
        boolean sameSize = identity.sectors() == found.sectors();
        if (!identity.sameDisk(found) || (path.state == PathState.UNPROVEN && !sameSize)) {
            paths.foreign(path, identity, nowNs);
        } else if (!inFlight.pinned || path.up()) {
            identity = found;
        } else if (path.state == PathState.UNPROVEN || found.sectors() == 0) {
            paths.change(path, PathState.UP, nowNs);
        } else if (sameSize) {
            int sectors = (int) Math.min(paths.sectorsPerFrame(), found.sectors());
            ask(path, found.extended() ? AtaFrame.READ_EXT : AtaFrame.READ, sectors);
        } else {
            path.probeNs =
                    nowNs + ActivePaths.PROBE_NS; // grown or shrunk: until identify() says so too
        }
    }

    void onSilence(InFlightCommand inFlight, long nowNs) {
        if (inFlight.pinned) {
            inFlight.path.probing = false;
        }
        failed(inFlight, StoreStatus.UNAVAILABLE, nowNs);
    }

    private void failed(InFlightCommand inFlight, StoreStatus status, long nowNs) {
        failure = status;
        ActivePath path = inFlight.path;
        if (inFlight.pinned && path.possible()) {
            boolean only = identity != null && !paths.othersUp(path);
            paths.change(path, only ? PathState.UNPROVEN : PathState.DOWN, nowNs);
        }
    }
}
