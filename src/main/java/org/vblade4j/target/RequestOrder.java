// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import org.vblade4j.ata.AtaTask;
import org.vblade4j.store.BlockStore;

/**
 * Decides when a request may go to the store: at once, unless an earlier one in progress touches
 * the same sectors and either of them writes. Linux resends with a new tag, so a late copy of an
 * old write is a request like any other; run out of order it would undo a newer write. A flush
 * waits for the writes that came before it, and nothing waits for a flush.
 *
 * <p>Each request counts its blockers when it arrives. Only earlier requests can block later ones,
 * so the oldest always runs and nothing can wait in a circle.
 */
final class RequestOrder {
    private final BlockStore store;

    /** In progress, in order of arrival, waiting ones too. */
    private final PendingRequest[] active;

    private int activeCount;
    private int waiting;
    private final ConflictFilter filter = new ConflictFilter();

    /** Free to go to the store; a ring, because stores may complete inside submit. */
    private final PendingRequest[] ready;

    private int readyHead;
    private int readyCount;
    private boolean submitting;

    RequestOrder(BlockStore store, int capacity) {
        this.store = store;
        this.active = new PendingRequest[capacity];
        this.ready = new PendingRequest[capacity];
    }

    int size() {
        return activeCount;
    }

    /** The {@code index}th oldest request in progress, waiting ones too. */
    PendingRequest active(int index) {
        return active[index];
    }

    /** The request in progress with this tag; null when there is none. */
    PendingRequest find(long source, int tag) {
        for (int i = 0; filter.mayContain(tag) && i < activeCount; i++) {
            if (active[i].tag == tag && active[i].source == source) {
                return active[i];
            }
        }
        return null;
    }

    /** The oldest read or write in progress, waiting ones too; null when there is none. */
    PendingRequest oldestTransfer() {
        for (int i = 0; i < activeCount; i++) {
            if (active[i].task.kind() != AtaTask.Kind.FLUSH) {
                return active[i];
            }
        }
        return null;
    }

    /**
     * Whether a request that came by then is still in progress and has to do with the same sectors,
     * or is a write that this flush has to wait for.
     */
    boolean meets(AtaTask task, long latestNs) {
        for (int i = 0; i < activeCount && active[i].startedNs - latestNs <= 0; i++) {
            if (overlap(active[i].task, task) || mustWait(active[i].task, task)) {
                return true;
            }
        }
        return false;
    }

    /** Takes a request whose task and store request are filled in; it may finish in here. */
    void start(PendingRequest request) {
        request.blockers = 0;
        int earlier = filter.mayConflict(request.task) ? activeCount : 0;
        for (int i = 0; i < earlier; i++) {
            if (mustWait(active[i].task, request.task)) {
                request.blockers++;
            }
        }
        active[activeCount++] = request;
        filter.add(request);
        if (request.blockers == 0) {
            makeReady(request);
        } else {
            waiting++;
        }
        submitReady();
    }

    /** The store is done with the request, whose task still says what it was. */
    void finished(PendingRequest request) {
        int index = 0;
        while (active[index] != request) {
            index++;
        }
        activeCount--;
        System.arraycopy(active, index + 1, active, index, activeCount - index);
        active[activeCount] = null;
        filter.remove(request);
        for (int i = index; waiting > 0 && i < activeCount; i++) {
            if (mustWait(request.task, active[i].task) && --active[i].blockers == 0) {
                waiting--;
                makeReady(active[i]);
            }
        }
        submitReady();
    }

    private static boolean mustWait(AtaTask earlier, AtaTask later) {
        boolean earlierWrites = earlier.kind() == AtaTask.Kind.WRITE;
        return switch (later.kind()) {
            case FLUSH -> earlierWrites;
            case WRITE -> earlier.kind() != AtaTask.Kind.FLUSH && overlap(earlier, later);
            default -> earlierWrites && overlap(earlier, later);
        };
    }

    private static boolean overlap(AtaTask a, AtaTask b) {
        return a.lba() < b.lba() + b.sectors() && b.lba() < a.lba() + a.sectors();
    }

    private void makeReady(PendingRequest request) {
        ready[(readyHead + readyCount++) % ready.length] = request;
    }

    /** A completion inside submit comes back here; the outer loop then does the work. */
    private void submitReady() {
        if (submitting) {
            return;
        }
        submitting = true;
        while (readyCount > 0) {
            PendingRequest next = ready[readyHead];
            readyHead = (readyHead + 1) % ready.length;
            readyCount--;
            store.submit(next.io);
        }
        submitting = false;
    }
}
