// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.ata.AtaDevice;
import org.vblade4j.ata.AtaTask;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Command 0, ATA (AoEr11 §3.1): one slot a request, from arrival to answer. The answer's header is
 * written first; a read's data lands behind it. A received frame is lent until the batch ends, so
 * the data of a write is taken from there when the store is known to be done with it by then; else,
 * and when the write has to wait for another, it goes through the slot too.
 */
final class AtaCommand {
    private final TargetState state;
    private final Replies replies;
    private final Counters counters;
    private final AtaDevice device;
    private final RequestOrder order;
    private final BlockStore store;
    private final boolean borrowing;
    private final GatheredReads gathered;
    private final boolean gathers;
    private final PendingRequest[] pending;
    private final PendingRequest.Listener onFinished = this::finished;

    AtaCommand(
            DiskIdentity identity,
            BlockStore store,
            TargetState state,
            Replies replies,
            Counters counters) {
        this.state = state;
        this.replies = replies;
        this.counters = counters;
        this.device = new AtaDevice(store, identity);
        this.store = store;
        this.borrowing = store.takesDataByKick();
        this.pending = new PendingRequest[replies.maxSlots()];
        this.order = new RequestOrder(store, pending.length);
        this.gathers = replies.gathers();
        this.gathered = new GatheredReads(store, replies, order, counters, pending.length);
    }

    int inProgress() {
        return order.size();
    }

    /** Answers an admitted ATA frame, now or when the store is done. */
    void handle(ByteBuffer frame, int offset, int lengthBytes) {
        long source = AoeFrame.source(frame, offset);
        int tag = AoeFrame.tag(frame, offset);
        if (AtaFrame.command(frame, offset) != AtaFrame.IDENTIFY && !state.isOpenTo(source)) {
            replies.error(frame, offset, AoeError.TARGET_RESERVED);
            return;
        }
        if (order.contains(source, tag)) {
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
        AtaFrame.copyRequest(frame, offset, replies.buffer(), replies.offset(slot));
        device.decode(frame, offset, lengthBytes, roomBytes(), request.task);
        if (request.task.flagsContradict()) {
            counters.increment(Counter.FLAG_MISMATCHES);
        }
        carryOut(request, frame, offset);
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
                request.borrowed = false;
                request.io.read(task.lba(), task.sectors(), slots, data);
                if (gathers) {
                    request.io.allowInPlace();
                }
                order.start(request);
            }
            case WRITE -> write(request, frame, offset + AtaFrame.DATA_OFFSET);
            default -> {
                request.borrowed = false;
                request.io.flush();
                order.start(request);
            }
        }
    }

    private void write(PendingRequest request, ByteBuffer frame, int from) {
        AtaTask task = request.task;
        request.io.write(task.lba(), task.sectors(), frame, from);
        if (request.io.bytes() > replies.slotBytes() - AtaFrame.DATA_OFFSET) {
            device.abort(task);
            answer(request);
            return;
        }
        request.borrowed = borrowing;
        if (!borrowing) {
            keepData(request);
        }
        order.start(request);
    }

    private void keepData(PendingRequest request) {
        StoreRequest io = request.io;
        int slotData = replies.offset(request.slot) + AtaFrame.DATA_OFFSET;
        replies.buffer().put(slotData, io.buffer(), io.offset(), io.bytes());
        io.write(io.lba(), io.sectors(), replies.buffer(), slotData);
    }

    /**
     * The frames are lent no longer: has the store take what it needs of them, and keeps the rest.
     */
    void batchEnd() {
        store.kick();
        for (int i = 0; order.waiting() > 0 && i < order.size(); i++) {
            PendingRequest request = order.active(i);
            if (request.blockers > 0 && request.borrowed) {
                request.borrowed = false;
                keepData(request);
            }
        }
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
        if (device.finish(request.task, status, roomBytes())) {
            if (request.io.address() != 0 && !request.task.failed()) {
                putResult(request);
                gathered.add(request); // in progress until it is sent
                return;
            }
            if (status != StoreStatus.OK) {
                counters.increment(Counter.STORE_ERRORS);
            }
            countSuccess(request.task);
            answer(request);
        } else {
            counters.increment(Counter.STALLED_DROPS);
            replies.drop(request.slot);
        }
        order.finished(request);
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

    private void countSuccess(AtaTask task) {
        if (task.failed()) {
            return;
        }
        switch (task.kind()) {
            case READ -> {
                counters.increment(Counter.READS);
                counters.add(Counter.READ_SECTORS, task.sectors());
            }
            case WRITE -> {
                counters.increment(Counter.WRITES);
                counters.add(Counter.WRITTEN_SECTORS, task.sectors());
            }
            default -> counters.increment(Counter.FLUSHES);
        }
    }

    /** Data that an answer can carry now. */
    private int roomBytes() {
        return replies.maxFrameBytes() - AtaFrame.DATA_OFFSET;
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
