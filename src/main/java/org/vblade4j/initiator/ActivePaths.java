// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.text.Printable;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.Mac;

/** All ways to one disk, and which to take next. */
final class ActivePaths {
    /** How often a path that is down is tried. */
    static final long PROBE_NS = 1_000_000_000L;

    final ActivePath[] all;
    private final DiskSettings settings;
    private PortException failure;

    ActivePaths(List<DiskPath> diskPaths, DiskSettings settings, long nowNs) {
        if (diskPaths.isEmpty()) {
            throw new IllegalArgumentException("no path to the target");
        }
        this.settings = settings;
        all =
                diskPaths.stream()
                        .map(diskPath -> new ActivePath(diskPath, settings, nowNs))
                        .toArray(ActivePath[]::new);
        divideWindows();
    }

    /**
     * The most commands in flight that can be useful at once: all windows, and a probe for each
     * path.
     */
    int capacity() {
        int sum = Arrays.stream(all).mapToInt(path -> path.window.limit()).sum();
        return Math.min(DiskSettings.MAX_WINDOW, sum + all.length);
    }

    /** The emptiest path with room, another than {@code avoided} if there is one; or null. */
    ActivePath choose(ActivePath avoided) {
        ActivePath best = null;
        for (ActivePath path : all) {
            if (path != avoided && path.hasRoom() && (best == null || emptier(path, best))) {
                best = path;
            }
        }
        return best == null && avoided != null && avoided.hasRoom() ? avoided : best;
    }

    private static boolean emptier(ActivePath path, ActivePath other) {
        return (long) path.inFlight * other.window.size()
                < (long) other.inFlight * path.window.size();
    }

    /** What every path can carry, so that a frame lost on one can take any other. */
    int sectorsPerFrame() {
        int sectors = Aoe.MAX_SECTORS;
        for (ActivePath path : all) {
            if (path.possible()) {
                sectors = Math.min(sectors, path.sectorsPerFrame());
            }
        }
        return sectors;
    }

    /** The path by which a station's frame came to a port, or null. */
    ActivePath find(EthernetPort port, long mac) {
        for (ActivePath path : all) {
            if (path.port == port && path.target.mac() == mac) {
                return path;
            }
        }
        return null;
    }

    boolean noneUp() {
        for (ActivePath path : all) {
            if (path.up()) {
                return false;
            }
        }
        return true;
    }

    boolean othersUp(ActivePath path) {
        for (ActivePath other : all) {
            if (other != path && other.up()) {
                return true;
            }
        }
        return false;
    }

    /** A path changes its state, which may free or bind the buffers of a shared station. */
    void change(ActivePath path, PathState state, long nowNs) {
        path.state = state;
        path.probeNs = nowNs + PROBE_NS;
        divideWindows();
    }

    /**
     * A path has fallen silent: the disk that answers there again may be another. While others are
     * up it is left; else it is asked at once and for as long as it takes.
     */
    void suspect(ActivePath path, long nowNs) {
        change(path, othersUp(path) ? PathState.DOWN : PathState.UNPROVEN, nowNs);
        if (path.state == PathState.UNPROVEN) {
            path.probeNs = nowNs;
        }
    }

    /** Another disk answers on a path, which is of no use any more. */
    void foreign(ActivePath path, RemoteIdentity expected, long nowNs) {
        change(path, PathState.FOREIGN, nowNs);
        failure =
                new PortException(
                        path.target.address()
                                + " is another disk now: "
                                + describe(path)
                                + ", expected \""
                                + Printable.bytes(expected.serial())
                                + "\" and "
                                + expected.sectors());
    }

    /** All paths of a port that has failed; the others are tried at once. */
    void fail(EthernetPort port, PortException cause, long nowNs) {
        failure = cause;
        for (ActivePath path : all) {
            if (path.port == port) {
                path.state = PathState.FAILED;
            } else {
                path.probeNs = nowNs;
            }
        }
        divideWindows();
    }

    /**
     * @throws PortException no path can come back; the last one's failure
     */
    void checkPossible() throws PortException {
        for (ActivePath path : all) {
            if (path.possible()) {
                return;
            }
        }
        throw failure == null ? new PortException("no path leads to the disk") : failure;
    }

    /**
     * @throws IOException two paths lead to two disks
     */
    void checkOneDisk() throws IOException {
        ActivePath good = Arrays.stream(all).filter(ActivePath::up).findFirst().orElse(all[0]);
        for (ActivePath path : all) {
            if (path.state == PathState.FOREIGN) {
                throw new IOException(
                        path.target.address()
                                + " is two disks: "
                                + describe(good)
                                + ", but "
                                + describe(path));
            }
        }
    }

    private static String describe(ActivePath path) {
        String serial = path.identity == null ? "unknown" : Printable.bytes(path.identity.serial());
        long sectors = path.identity == null ? 0 : path.identity.sectors();
        return String.format(
                "%s%s has serial number \"%s\" and %d sectors",
                Mac.format(path.target.mac()),
                path.diskPath.interfaceName().isEmpty()
                        ? ""
                        : " on " + path.diskPath.interfaceName(),
                serial,
                sectors);
    }

    /** Paths to one station share its buffers. */
    private void divideWindows() {
        for (ActivePath path : all) {
            int sharers = 0;
            for (ActivePath other : all) {
                boolean counts = other == path || other.up() || other.state == PathState.UNPROVEN;
                sharers += counts && other.target.mac() == path.target.mac() ? 1 : 0;
            }
            int buffers = path.target.bufferCount() / sharers;
            path.window.bound(Math.max(1, Math.min(settings.window(), buffers)));
        }
    }
}
