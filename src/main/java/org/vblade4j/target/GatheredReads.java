// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.ReadLease;
import org.vblade4j.wire.AtaFrame;

/**
 * Reads that the store has answered in place: their data is copied once, by the kernel, from the
 * page cache into the frame when it is sent. Until then they are in progress like any other, so a
 * write to the same sectors waits until they have left, and no answer shows half of it.
 *
 * <p>When the file has shrunk meanwhile, or the data cannot be read, the request goes to the store
 * again, to be answered by a copy or with the store's own error.
 */
final class GatheredReads {
    private final BlockStore store;
    private final Replies replies;
    private final RequestOrder order;
    private final Stations stations;
    private final Counters counters;
    private final ReadLease lease = new ReadLease();
    private PendingRequest[] waiting;
    private PendingRequest[] leaving;
    private int count;

    GatheredReads(
            BlockStore store,
            Replies replies,
            RequestOrder order,
            Stations stations,
            Counters counters,
            int capacity) {
        this.store = store;
        this.replies = replies;
        this.order = order;
        this.stations = stations;
        this.counters = counters;
        waiting = new PendingRequest[capacity];
        leaving = new PendingRequest[capacity];
    }

    /** For reads that may be answered in place. */
    ReadLease lease() {
        return lease;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Takes a request whose answer's header is complete. */
    void add(PendingRequest request) {
        request.unreadable = false;
        waiting[count++] = request;
    }

    /** Sends all, with the other answers; more may have been added and committed after that. */
    void send(PendingRequest[] bySlot) throws PortException {
        PendingRequest[] batch = waiting;
        waiting = leaving;
        leaving = batch;
        int size = count;
        count = 0;
        boolean valid = lease.valid();
        for (int i = 0; valid && i < size; i++) {
            PendingRequest request = batch[i];
            replies.sendGathered(
                    request.slot,
                    AtaFrame.DATA_OFFSET,
                    request.io.address(),
                    request.task.answerDataBytes());
        }
        flush(batch, size);
        for (int slot = replies.takeUnreadable(); slot >= 0; slot = replies.takeUnreadable()) {
            bySlot[slot].unreadable = true;
            lease.failed();
        }
        lease.end();
        for (int i = 0; i < size; i++) {
            if (valid && !batch[i].unreadable) {
                left(batch[i]);
            } else {
                readAgain(batch[i]);
            }
        }
        store.kick();
    }

    /** When the port is lost the answers are, too; nothing of them is in progress then. */
    private void flush(PendingRequest[] batch, int size) throws PortException {
        try {
            replies.flush();
        } catch (PortException e) {
            lease.end();
            for (int i = 0; i < size; i++) {
                finished(batch[i]);
            }
            throw e;
        }
    }

    private void finished(PendingRequest request) {
        stations.finished(request.station);
        order.finished(request);
    }

    private void left(PendingRequest request) {
        stations.count(request.station, StationLedger.READS, 1);
        stations.count(request.station, StationLedger.READ_SECTORS, request.task.sectors());
        counters.increment(Counter.READS);
        counters.increment(Counter.IN_PLACE_READS);
        counters.add(Counter.READ_SECTORS, request.task.sectors());
        finished(request);
    }

    private void readAgain(PendingRequest request) {
        int data = replies.offset(request.slot) + AtaFrame.DATA_OFFSET;
        request.io.read(request.task.lba(), request.task.sectors(), replies.buffer(), data);
        store.submit(request.io);
    }
}
