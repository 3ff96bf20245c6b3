// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;

/**
 * One AoE target (AoEr11): takes the frames of a port and answers them from a store. Confined to
 * the port's thread. The caller sends the answers with {@link #flush}, once a batch, and calls
 * {@link #poll} between batches.
 */
public final class AoeTarget implements FrameHandler {
    private final EthernetPort port;
    private final BlockStore store;
    private final Counters counters;
    private final Admission admission;
    private final Gate gate;
    private final Replies replies;
    private final AtaCommand ata;
    private final ConfigCommand config;
    private final MaskCommand mask;
    private final ReserveCommand reserve;
    private final Announcement announcement;
    private final AddressWatch watch = new AddressWatch();
    private final Changes changes;

    /** A target without any history. */
    public AoeTarget(
            TargetSettings settings, EthernetPort port, BlockStore store, Counters counters) {
        this(
                settings,
                new TargetState(settings.allowedMacs()),
                new Stations(),
                port,
                store,
                counters);
    }

    /** A target that goes on from the state of one before it, and keeps nothing. */
    public AoeTarget(
            TargetSettings settings,
            TargetState state,
            Stations stations,
            EthernetPort port,
            BlockStore store,
            Counters counters) {
        this(settings, state, stations, StateKeeper.NONE, port, store, counters);
    }

    /**
     * A target that goes on from the state of one before it.
     *
     * @param keeper keeps what is changed from here on
     */
    public AoeTarget(
            TargetSettings settings,
            TargetState state,
            Stations stations,
            StateKeeper keeper,
            EthernetPort port,
            BlockStore store,
            Counters counters) {
        this.port = port;
        this.store = store;
        this.counters = counters;
        this.admission = new Admission(settings.address(), port, watch);
        this.gate = new Gate(settings, state, stations);
        this.replies = new Replies(settings.address(), port, counters);
        this.ata = new AtaCommand(settings, store, state, stations, replies, counters);
        this.changes = new Changes(state, settings.policy(), keeper, replies, counters);
        this.config = new ConfigCommand(settings, state, changes, replies, counters);
        this.mask = new MaskCommand(state, changes, replies, counters);
        this.reserve = new ReserveCommand(state, changes, replies, counters);
        this.announcement = new Announcement(port, store, state, settings.access(), config);
    }

    @Override
    public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        Counter refusal = admission.refusal(buffer, offset, lengthBytes);
        if (refusal == null) {
            refusal = gate.refusal(buffer, offset, ata.freeSlots());
        }
        if (refusal != null) {
            counters.increment(refusal);
            if (refusal == Counter.ACCESS_REFUSALS) {
                replies.error(buffer, offset, AoeError.BAD_ARGUMENT);
            }
        } else if (AoeFrame.version(buffer, offset) != Aoe.VERSION) {
            replies.error(buffer, offset, AoeError.UNSUPPORTED_VERSION);
        } else {
            dispatch(buffer, offset, lengthBytes);
        }
    }

    private void dispatch(ByteBuffer buffer, int offset, int lengthBytes) {
        switch (AoeFrame.command(buffer, offset)) {
            case Aoe.COMMAND_ATA ->
                    ata.handle(
                            buffer,
                            offset,
                            lengthBytes,
                            gate.station(),
                            gate.rights(),
                            gate.nowNs());
            case Aoe.COMMAND_CONFIG -> config.handle(buffer, offset, lengthBytes);
            case Aoe.COMMAND_MASK -> mask.handle(buffer, offset, lengthBytes);
            case Aoe.COMMAND_RESERVE -> reserve.handle(buffer, offset, lengthBytes);
            default -> replies.error(buffer, offset, AoeError.BAD_COMMAND);
        }
    }

    @Override
    public void batchEnd() {
        ata.batchEnd();
    }

    /**
     * Starts what the frames since have asked of the store, and answers what it has finished. After
     * {@link #announce} it also announces again when the interface's MTU or address or the store's
     * size has changed.
     *
     * @return requests finished
     */
    public int poll() {
        gate.nextBatch(port.backlogFrames());
        store.kick();
        int finished = store.poll();
        store.kick(); // what had waited for those may now have been submitted
        announcement.poll();
        return finished + changes.poll();
    }

    /** Sends the answers there are, with as few system calls as the port can. */
    public void flush() throws PortException {
        ata.flush();
    }

    /** Tells the network that this target is there; to be called when it can serve. */
    public void announce() {
        announcement.start();
    }

    /** The store has said, since this target was made, that it is away. */
    public boolean storeAway() {
        return ata.storeAway();
    }

    /** The store has been away since then, by the clock that {@link Stations} were given. */
    public void storeAwaySince(long sinceNs) {
        ata.stallLimit().awaySince(sinceNs);
    }

    /** Whether hosts are told of errors because they have been told nothing for too long. */
    public StallLimit stallLimit() {
        return ata.stallLimit();
    }

    /** Who else answers under this target's address. */
    public AddressWatch addressWatch() {
        return watch;
    }

    /**
     * Asks the network for this target's own address: whoever answers is seen by {@link
     * #addressWatch}. The question is committed to the port, unless slots have run out.
     */
    public void queryOwnAddress() {
        announcement.query();
    }

    /** Requests that the store has not finished, or whose answer has not been sent. */
    public int inProgress() {
        return ata.inProgress();
    }

    /** No request is in progress: the store may be closed. */
    public boolean idle() {
        return ata.inProgress() == 0 && changes.idle();
    }
}
