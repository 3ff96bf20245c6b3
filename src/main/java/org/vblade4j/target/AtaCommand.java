// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.ata.AtaDevice;
import org.vblade4j.ata.AtaTask;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.DataLease;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Command 0, ATA (AoEr11 §3.1): one slot a request, from arrival to answer. The answer's header is
 * written first; a read's data lands behind it. A received frame is lent until the batch ends, so
 * the data of a write is taken from there if the store says that it takes it by then ({@link
 * DataLease}). Otherwise, and when the write has to wait for another, it goes through the slot too.
 */
final class AtaCommand {
    /** Answers that can be sent at once while all that may be in progress is. */
    private static final int SPARE_SLOTS = 32;

    private final TargetState state;
    private final Stations stations;
    private final Replies replies;
    private final Counters counters;
    private final AtaDevice device;
    private final RequestOrder order;
    private final BlockStore store;
    private final DataLease frames = new DataLease();
    private final boolean lends;
    private final GatheredReads gathered;
    private final boolean gathers;
    private final PendingRequest[] pending;
    private final PendingRequest.Listener onFinished = this::finished;
    private final StallLimit stallLimit;
    private boolean storeAway;

    AtaCommand(
            TargetSettings settings,
            BlockStore store,
            TargetState state,
            Stations stations,
            Replies replies,
            Counters counters) {
        this.state = state;
        this.stations = stations;
        this.replies = replies;
        this.counters = counters;
        this.device = new AtaDevice(store, settings.identity());
        this.store = store;
        this.lends = store.traits().takesDataByKick();
        this.pending = new PendingRequest[replies.maxSlots()];
        this.order = new RequestOrder(store, pending.length);
        this.stallLimit = new StallLimit(settings.loss(), order, stations);
        this.gathers = replies.gathers();
        this.gathered =
                new GatheredReads(store, replies, order, stations, counters, pending.length);
    }

    /** The store has said since the start that it is away. */
    boolean storeAway() {
        return storeAway;
    }

    StallLimit stallLimit() {
        return stallLimit;
    }

    int inProgress() {
        return order.size();
    }

    /** How many more requests could be in progress. Some slots are kept to answer with errors. */
    int freeSlots() {
        return pending.length - Math.min(pending.length / 4, SPARE_SLOTS) - order.size();
    }

    /**
     * Answers an admitted ATA frame, now or when the store is done.
     *
     * @param station the number of its station
     * @param rights what that station may do, bits of {@link AccessList}
     * @param nowNs the time, by the clock of {@link Stations}
     */
    void handle(
            ByteBuffer frame, int offset, int lengthBytes, int station, int rights, long nowNs) {
        long source = AoeFrame.source(frame, offset);
        int tag = AoeFrame.tag(frame, offset);
        if (AtaFrame.command(frame, offset) != AtaFrame.IDENTIFY && !state.isOpenTo(source)) {
            replies.error(frame, offset, AoeError.TARGET_RESERVED);
            return;
        }
        PendingRequest same = order.find(source, tag);
        if (same != null && !stallLimit.givesUp(same, nowNs)) {
            counters.increment(Counter.DUPLICATE_DROPS);
            return;
        }
        int slot = replies.begin(frame, offset);
        if (slot == Replies.NO_SLOT) {
            return;
        }
        PendingRequest request = pending(slot);
        request.source = source;
        request.tag = tag;
        request.station = station;
        request.startedNs = nowNs;
        request.givenUp = false;
        AtaFrame.copyRequest(frame, offset, replies.buffer(), replies.offset(slot));
        device.decode(frame, offset, lengthBytes, roomBytes(), request.task);
        if (request.task.flagsContradict()) {
            counters.increment(Counter.FLAG_MISMATCHES);
        }
        if (awaitsRoom(request.task)) {
            drop(request);
        } else if (permits(rights, request.task.kind())) {
            if (same != null) {
                same.givenUp = true;
                fail(request);
            } else if (mayStart(request, nowNs)) {
                carryOut(request, frame, offset);
            }
        } else {
            stations.count(station, StationLedger.REFUSED, 1);
            counters.increment(Counter.ACCESS_REFUSALS);
            fail(request);
        }
    }

    private void fail(PendingRequest request) {
        device.abort(request.task);
        answer(request);
    }

    /** Whether it may go to the store, if it has to: else it has been answered, or dropped. */
    private boolean mayStart(PendingRequest request, long nowNs) {
        AtaTask.Kind kind = request.task.kind();
        if (kind == AtaTask.Kind.ANSWER || kind == AtaTask.Kind.IDENTIFY) {
            return true;
        }
        boolean room = freeSlots() > 0;
        if (stallLimit.fails(request.task, room, nowNs)) {
            fail(request);
            return false;
        }
        if (!room) {
            counters.increment(Counter.SLOT_DROPS);
            replies.drop(request.slot);
        }
        return room;
    }

    /** Who may use the disk in any way may also ask what it is, and have it flushed. */
    private static boolean permits(int rights, AtaTask.Kind kind) {
        int enough =
                switch (kind) {
                    case ANSWER -> AccessList.ALL;
                    case READ -> AccessList.READ;
                    case WRITE -> AccessList.WRITE;
                    case IDENTIFY, FLUSH -> AccessList.READ | AccessList.WRITE;
                };
        return (rights & enough) != 0;
    }

    private void carryOut(PendingRequest request, ByteBuffer frame, int offset) {
        AtaTask task = request.task;
        ByteBuffer slots = replies.buffer();
        int data = replies.offset(request.slot) + AtaFrame.DATA_OFFSET;
        switch (task.kind()) {
            case ANSWER -> answer(request);
            case IDENTIFY -> {
                device.putIdentifyPage(slots, data);
                counters.increment(Counter.IDENTIFIES);
                answer(request);
            }
            case READ -> {
                request.io.read(task.lba(), task.sectors(), slots, data);
                if (gathers) {
                    request.io.allowInPlace(gathered.lease());
                }
                start(request);
            }
            case WRITE -> write(request, frame, offset + AtaFrame.DATA_OFFSET);
            default -> {
                request.io.flush();
                start(request);
            }
        }
    }

    private void start(PendingRequest request) {
        stations.started(request.station);
        order.start(request);
    }

    private void write(PendingRequest request, ByteBuffer frame, int from) {
        AtaTask task = request.task;
        request.io.write(task.lba(), task.sectors(), frame, from);
        if (request.io.bytes() > replies.slotBytes() - AtaFrame.DATA_OFFSET) {
            fail(request);
            return;
        }
        if (lends) {
            request.io.lend(frames);
        } else {
            keepData(request);
        }
        start(request);
    }

    private void keepData(PendingRequest request) {
        int slotData = replies.offset(request.slot) + AtaFrame.DATA_OFFSET;
        request.io.keepData(replies.buffer(), slotData);
    }

    /**
     * The frames are lent no longer: has the store take what it needs of them, and keeps the data
     * of what has to wait for other requests.
     */
    void batchEnd() {
        store.kick();
        for (int i = 0; frames.holders() > 0 && i < order.size(); i++) {
            PendingRequest request = order.active(i);
            if (request.blockers > 0 && request.io.lent()) {
                keepData(request);
            }
        }
        frames.end();
    }

    /** Sends all answers there are. */
    void flush() throws PortException {
        while (!gathered.isEmpty()) {
            gathered.send(pending);
        }
        replies.flush();
    }

    private void finished(PendingRequest request) {
        StoreStatus status = request.io.status();
        storeAway |= status == StoreStatus.UNAVAILABLE;
        boolean answers =
                device.finish(request.task, status, roomBytes(), stallLimit.judge(status));
        if (answers && !request.givenUp && !awaitsRoom(request.task)) {
            if (request.io.address() != 0 && !request.task.failed()) {
                putResult(request);
                gathered.add(request); // in progress until it is sent
                return;
            }
            if (status != StoreStatus.OK) {
                counters.increment(Counter.STORE_ERRORS);
            }
            countSuccess(request);
            answer(request);
        } else {
            drop(request);
        }
        stations.finished(request.station);
        order.finished(request);
    }

    /** Leaves the request unanswered; its station asks again. */
    private void drop(PendingRequest request) {
        counters.increment(Counter.STALLED_DROPS);
        replies.drop(request.slot);
    }

    private void answer(PendingRequest request) {
        putResult(request);
        if (request.task.failed()) {
            counters.increment(Counter.ATA_ERRORS);
        }
        replies.send(request.slot, AtaFrame.DATA_OFFSET + request.task.answerDataBytes());
    }

    private void putResult(PendingRequest request) {
        AtaTask task = request.task;
        int at = replies.offset(request.slot);
        AtaFrame.putResult(replies.buffer(), at, task.error(), task.sectorCount(), task.status());
    }

    private void countSuccess(PendingRequest request) {
        AtaTask task = request.task;
        if (task.failed()) {
            return;
        }
        switch (task.kind()) {
            case READ -> {
                counters.increment(Counter.READS);
                counters.add(Counter.READ_SECTORS, task.sectors());
                stations.count(request.station, StationLedger.READS, 1);
                stations.count(request.station, StationLedger.READ_SECTORS, task.sectors());
            }
            case WRITE -> {
                counters.increment(Counter.WRITES);
                counters.add(Counter.WRITTEN_SECTORS, task.sectors());
                stations.count(request.station, StationLedger.WRITES, 1);
                stations.count(request.station, StationLedger.WRITTEN_SECTORS, task.sectors());
            }
            default -> counters.increment(Counter.FLUSHES);
        }
    }

    /** Data that an answer can carry now. */
    private int roomBytes() {
        int bytes = replies.maxFrameBytes() - AtaFrame.DATA_OFFSET;
        AnswerRoom room = stations.room();
        if (bytes != room.bytes()) {
            room.set(bytes, stations.nowNs());
        }
        return bytes;
    }

    /** Whether it has failed for want of room that was there a moment ago. */
    private boolean awaitsRoom(AtaTask task) {
        return task.lacksRoom()
                && stations.room()
                        .hadOfLate(task.sectorCount() * Aoe.SECTOR_BYTES, stations.nowNs());
    }

    /** Made when a slot is first used: most of a large ring's never are. */
    private PendingRequest pending(int slot) {
        PendingRequest request = pending[slot];
        if (request == null) {
            request = new PendingRequest(slot, onFinished);
            pending[slot] = request;
        }
        return request;
    }
}
