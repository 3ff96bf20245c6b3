// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Aoe;

/** A path in use: what is on it, how long answers take, and whether they come. */
final class ActivePath {
    /** So many frames in a row without an answer make a path suspect. */
    private static final int SILENT_FRAMES = 3;

    private static final long QUIET_NS = 1_000_000_000L;

    final DiskPath diskPath;
    final EthernetPort port;
    final FoundTarget target;
    final RoundTrips roundTrips;
    PathState state = PathState.UNPROVEN;

    /** Frames unanswered. */
    int inFlight;

    /** The most of them. */
    final Window window;

    /** A command in flight of the {@link Prober} is on it. */
    boolean probing;

    long probeNs;

    /** What its station said last; null before. */
    RemoteIdentity identity;

    long framesSent;
    long timeouts;
    long answers;
    private long answeredNs;
    private int silentFrames;

    ActivePath(DiskPath diskPath, DiskSettings settings, long nowNs) {
        this.diskPath = diskPath;
        port = diskPath.port();
        target = diskPath.target();
        roundTrips = new RoundTrips(settings.minTimeoutNs(), settings.maxTimeoutNs());
        window = new Window(nowNs);
        answeredNs = nowNs;
        probeNs = nowNs;
    }

    boolean up() {
        return state == PathState.UP;
    }

    /** False for good: another disk, or no interface any more. */
    boolean possible() {
        return state != PathState.FOREIGN && state != PathState.FAILED;
    }

    /** None while its station is asked which disk it serves. */
    boolean hasRoom() {
        return up() && !probing && inFlight < window.size();
    }

    /** Nothing has passed for so long, or since it was announced: another target may be there. */
    boolean quiet(long nowNs) {
        return up() && !probing && inFlight == 0 && nowNs - answeredNs >= QUIET_NS;
    }

    /** The most sectors one command can carry now. */
    int sectorsPerFrame() {
        return Math.max(1, Math.min(target.maxSectors(), Aoe.sectorsPerFrame(port.mtuBytes())));
    }

    /** Its station has said that it is there, which one does that has just been started. */
    void announced(long nowNs) {
        answeredNs = Math.min(answeredNs, nowNs - QUIET_NS);
    }

    void answered(long nowNs) {
        answers++;
        answeredNs = nowNs;
        silentFrames = 0;
    }

    void timedOut(long sentNs, long nowNs) {
        window.lost(sentNs, nowNs);
        timeouts++;
        silentFrames++;
    }

    /** Nobody has answered for long enough to look for another way. */
    boolean silent(long nowNs) {
        return silentFrames >= SILENT_FRAMES && nowNs - answeredNs >= 2 * roundTrips.timeoutNs(0);
    }

    PathReport report() {
        return new PathReport(
                diskPath, state, framesSent, timeouts, answers, roundTrips.smoothedNs());
    }
}
