// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.ata.AtaDevice;
import org.vblade4j.metrics.Counter;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * Which of the frames that are meant for this target it lets through: by who sent it, how much that
 * station sends, and what it may do. Rights on sectors are {@link AtaCommand}'s, which knows what a
 * request does.
 */
final class Gate {
    /** Those that get an answer to an attempted change; it is no secret to them that we exist. */
    private static final int CHANGERS = AccessList.DISCOVER | AccessList.CONFIG;

    /** Of all unknown stations together: a host that has only just begun to work needs few. */
    static final int UNKNOWN_FLUSHES_PER_SECOND = 50;

    private final AccessList access;
    private final TargetState state;
    private final Stations stations;
    private final FairShare fairShare;
    private final Allowance requests;
    private final Allowance bytes;
    private final Allowance queries;
    private final Allowance answers;
    private final Allowance changes;
    private final Allowance flushes = new Allowance(UNKNOWN_FLUSHES_PER_SECOND);
    private final StationInts generations = new StationInts(0);
    private boolean timeKnown;
    private long nowNs;
    private int station;
    private int rights;

    Gate(TargetSettings settings, TargetState state, Stations stations) {
        this.access = settings.access();
        this.state = state;
        this.stations = stations;
        fairShare = new FairShare(stations, settings.bufferCount());
        nowNs = stations.nowNs();
        StationLimits limits = settings.limits();
        requests = new Allowance(limits.requests());
        bytes = new Allowance(limits.bytes());
        queries = new Allowance(limits.queries());
        answers = new Allowance(limits.unknownBytes());
        changes = new Allowance(limits.unknownChanges());
    }

    /** Between batches; what follows is judged by the time of its first frame. */
    void nextBatch(int backlogFrames) {
        timeKnown = false;
        fairShare.backlog(backlogFrames);
    }

    /** The number of the station whose frame was judged last. */
    int station() {
        return station;
    }

    /** When the batch of that frame came. */
    long nowNs() {
        return nowNs;
    }

    /** What that station may do. */
    int rights() {
        return rights;
    }

    /**
     * Under which count the frame is dropped, {@link Counter#ACCESS_REFUSALS} when it is to be
     * answered with an AoE error, or null when it is let through.
     */
    Counter refusal(ByteBuffer frame, int offset, int freeSlots) {
        if (!timeKnown) {
            nowNs = stations.nowNs();
            timeKnown = true;
        }
        long source = AoeFrame.source(frame, offset);
        station = stations.heardFrom(source, nowNs);
        if (fairShare.exceeded(station, nowNs)) {
            return dropped(Counter.FAIR_DROPS);
        }
        if (!state.listensTo(source)) {
            return refused(Counter.MASKED_DROPS);
        }
        rights = access.rightsOf(source);
        if (rights == AccessList.NONE) {
            return refused(Counter.ACCESS_DROPS);
        }
        if (generations.get(station) != stations.generation(station)) {
            newcomer();
        }
        boolean ata =
                AoeFrame.command(frame, offset) == Aoe.COMMAND_ATA
                        && AoeFrame.version(frame, offset) == Aoe.VERSION;
        return ata ? ataRefusal(frame, offset, freeSlots) : queryRefusal(frame, offset);
    }

    private void newcomer() {
        generations.set(station, stations.generation(station));
        requests.forget(station, nowNs);
        bytes.forget(station, nowNs);
        queries.forget(station, nowNs);
    }

    private Counter ataRefusal(ByteBuffer frame, int offset, int freeSlots) {
        if (fairShare.crowds(station, freeSlots, nowNs)) {
            return dropped(Counter.FAIR_DROPS);
        }
        int sectors = AtaFrame.sectorCount(frame, offset);
        boolean within =
                mayFlush(frame, offset)
                        && requests.take(station, 1, nowNs)
                        && bytes.take(station, (long) sectors * Aoe.SECTOR_BYTES, nowNs);
        return within ? null : dropped(Counter.RATE_DROPS);
    }

    /** A flush makes the disk work for a frame of 60 bytes. Who is alone may have it do so. */
    private boolean mayFlush(ByteBuffer frame, int offset) {
        return !AtaDevice.flushes(AtaFrame.command(frame, offset))
                || !fairShare.contended(nowNs)
                || stations.party(station) != Stations.UNKNOWN
                || flushes.take(Stations.UNKNOWN, 1, nowNs);
    }

    private Counter queryRefusal(ByteBuffer frame, int offset) {
        boolean change = changes(frame, offset);
        if (change ? (rights & CHANGERS) == 0 : (rights & AccessList.DISCOVER) == 0) {
            return refused(Counter.ACCESS_DROPS);
        }
        int party = stations.party(station);
        boolean within =
                queries.take(station, 1, nowNs)
                        && (!change || changes.take(party, 1, nowNs))
                        && answers.take(party, answerBytes(frame, offset), nowNs);
        if (!within) {
            return dropped(Counter.RATE_DROPS);
        }
        if (change && (rights & AccessList.CONFIG) == 0) {
            return refused(Counter.ACCESS_REFUSALS);
        }
        stations.count(station, change ? StationLedger.CONFIGS : StationLedger.DISCOVERS, 1);
        return null;
    }

    /** What the answer has at most, if it says how things are now. */
    private int answerBytes(ByteBuffer frame, int offset) {
        int bytes =
                switch (AoeFrame.command(frame, offset)) {
                    case Aoe.COMMAND_CONFIG -> ConfigFrame.STRING_OFFSET + state.configBytes();
                    case Aoe.COMMAND_MASK -> MaskFrame.frameBytes(state.mask().size());
                    case Aoe.COMMAND_RESERVE -> ReserveFrame.frameBytes(state.reservation().size());
                    default -> 0;
                };
        return Math.max(Aoe.MIN_FRAME_BYTES, bytes);
    }

    /** Whether the command changes what is not data. What is unknown will only get an error. */
    private static boolean changes(ByteBuffer frame, int offset) {
        if (AoeFrame.version(frame, offset) != Aoe.VERSION) {
            return false;
        }
        return switch (AoeFrame.command(frame, offset)) {
            case Aoe.COMMAND_CONFIG -> ConfigFrame.operation(frame, offset) > ConfigFrame.PREFIX;
            case Aoe.COMMAND_MASK -> MaskFrame.operation(frame, offset) != MaskFrame.READ;
            case Aoe.COMMAND_RESERVE -> ReserveFrame.operation(frame, offset) != ReserveFrame.READ;
            default -> false;
        };
    }

    /** Counts a frame that its station has no right to send. */
    Counter refused(Counter reason) {
        stations.count(station, StationLedger.REFUSED, 1);
        return reason;
    }

    private Counter dropped(Counter reason) {
        stations.count(station, StationLedger.DROPPED, 1);
        return reason;
    }
}
