// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.Mac;

/** All ways to one disk, and which to take next. */
final class Lanes {
    /** How often a lane that is down is tried. */
    static final long PROBE_NS = 1_000_000_000L;

    final Lane[] all;
    private final DiskSettings settings;
    private PortException failure;

    Lanes(List<DiskPath> paths, DiskSettings settings, long nowNs) {
        if (paths.isEmpty()) {
            throw new IllegalArgumentException("no path to the target");
        }
        this.settings = settings;
        all = paths.stream().map(path -> new Lane(path, settings, nowNs)).toArray(Lane[]::new);
        divideWindows();
    }

    /** The most flights that can be useful at once: all windows, and a probe for each lane. */
    int capacity() {
        int sum = Arrays.stream(all).mapToInt(lane -> lane.window.limit()).sum();
        return Math.min(DiskSettings.MAX_WINDOW, sum + all.length);
    }

    /** The emptiest lane with room, another than {@code avoided} if there is one; or null. */
    Lane choose(Lane avoided) {
        Lane best = null;
        for (Lane lane : all) {
            if (lane != avoided && lane.hasRoom() && (best == null || emptier(lane, best))) {
                best = lane;
            }
        }
        return best == null && avoided != null && avoided.hasRoom() ? avoided : best;
    }

    private static boolean emptier(Lane lane, Lane other) {
        return (long) lane.inFlight * other.window.size()
                < (long) other.inFlight * lane.window.size();
    }

    /** What every lane can carry, so that a frame lost on one can take any other. */
    int sectorsPerFrame() {
        int sectors = Aoe.MAX_SECTORS;
        for (Lane lane : all) {
            if (lane.possible()) {
                sectors = Math.min(sectors, lane.sectorsPerFrame());
            }
        }
        return sectors;
    }

    /** The lane by which a station's frame came to a port, or null. */
    Lane find(EthernetPort port, long mac) {
        for (Lane lane : all) {
            if (lane.port == port && lane.target.mac() == mac) {
                return lane;
            }
        }
        return null;
    }

    boolean noneUp() {
        for (Lane lane : all) {
            if (lane.up()) {
                return false;
            }
        }
        return true;
    }

    boolean othersUp(Lane lane) {
        for (Lane other : all) {
            if (other != lane && other.up()) {
                return true;
            }
        }
        return false;
    }

    /** A lane changes its state, which may free or bind the buffers of a shared station. */
    void change(Lane lane, PathState state, long nowNs) {
        lane.state = state;
        lane.probeNs = nowNs + PROBE_NS;
        divideWindows();
    }

    /**
     * A lane has fallen silent: the disk that answers there again may be another. While others are
     * up it is left; else it is asked at once and for as long as it takes.
     */
    void suspect(Lane lane, long nowNs) {
        change(lane, othersUp(lane) ? PathState.DOWN : PathState.UNPROVEN, nowNs);
        if (lane.state == PathState.UNPROVEN) {
            lane.probeNs = nowNs;
        }
    }

    /** Another disk answers on a lane, which is of no use any more. */
    void foreign(Lane lane, RemoteIdentity expected, long nowNs) {
        change(lane, PathState.FOREIGN, nowNs);
        failure =
                new PortException(
                        lane.target.address()
                                + " is another disk now: "
                                + describe(lane)
                                + ", expected \""
                                + expected.serial()
                                + "\" and "
                                + expected.sectors());
    }

    /** All lanes of a port that has failed; the others are tried at once. */
    void fail(EthernetPort port, PortException cause, long nowNs) {
        failure = cause;
        for (Lane lane : all) {
            if (lane.port == port) {
                lane.state = PathState.FAILED;
            } else {
                lane.probeNs = nowNs;
            }
        }
        divideWindows();
    }

    /**
     * @throws PortException no lane can come back; the last one's failure
     */
    void checkPossible() throws PortException {
        for (Lane lane : all) {
            if (lane.possible()) {
                return;
            }
        }
        throw failure == null ? new PortException("no path leads to the disk") : failure;
    }

    /**
     * @throws IOException two paths lead to two disks
     */
    void checkOneDisk() throws IOException {
        Lane good = Arrays.stream(all).filter(Lane::up).findFirst().orElse(all[0]);
        for (Lane lane : all) {
            if (lane.state == PathState.FOREIGN) {
                throw new IOException(
                        lane.target.address()
                                + " is two disks: "
                                + describe(good)
                                + ", but "
                                + describe(lane));
            }
        }
    }

    private static String describe(Lane lane) {
        String serial = lane.identity == null ? "unknown" : lane.identity.serial();
        long sectors = lane.identity == null ? 0 : lane.identity.sectors();
        return String.format(
                "%s%s has serial number \"%s\" and %d sectors",
                Mac.format(lane.target.mac()),
                lane.path.interfaceName().isEmpty() ? "" : " on " + lane.path.interfaceName(),
                serial,
                sectors);
    }

    /** Lanes to one station share its buffers. */
    private void divideWindows() {
        for (Lane lane : all) {
            int sharers = 0;
            for (Lane other : all) {
                boolean counts = other == lane || other.up() || other.state == PathState.UNPROVEN;
                sharers += counts && other.target.mac() == lane.target.mac() ? 1 : 0;
            }
            int buffers = lane.target.bufferCount() / sharers;
            lane.window.bound(Math.max(1, Math.min(settings.window(), buffers)));
        }
    }
}
