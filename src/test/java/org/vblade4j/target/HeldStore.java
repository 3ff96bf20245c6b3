// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

/**
 * An asynchronous store that does nothing until it is told to, and complains when it is given
 * requests that it must not have together.
 */
final class HeldStore implements BlockStore {
    private final MemoryStore memory;
    private final StoreTraits traits;
    private final List<StoreRequest> held = new ArrayList<>();
    private Random eager;
    private int submitted;
    private StoreStatus executed;
    private final StoreRequest inner = new StoreRequest(done -> executed = done.status());

    HeldStore(int sectors) {
        this(sectors, false);
    }

    private HeldStore(int sectors, boolean readOnly) {
        memory = MemoryStore.heap(sectors);
        traits = new StoreTraits(readOnly, false, false, 512);
    }

    static HeldStore readOnly(int sectors) {
        return new HeldStore(sectors, true);
    }

    /** From now on half of the requests are completed inside submit. */
    HeldStore eagerAtRandom(Random random) {
        eager = random;
        return this;
    }

    MemoryStore memory() {
        return memory;
    }

    int submitted() {
        return submitted;
    }

    int held() {
        return held.size();
    }

    /** Carries out and completes a held request. */
    void complete(int index) {
        StoreRequest request = held.remove(index);
        switch (request.op()) {
            case READ ->
                    inner.read(
                            request.lba(), request.sectors(), request.buffer(), request.offset());
            case WRITE ->
                    inner.write(
                            request.lba(), request.sectors(), request.buffer(), request.offset());
            default -> inner.flush();
        }
        memory.submit(inner);
        request.complete(executed);
    }

    /** Completes a held request with nothing done. */
    void fail(int index, StoreStatus status) {
        held.remove(index).complete(status);
    }

    void completeAll() {
        while (!held.isEmpty()) {
            complete(0);
        }
    }

    @Override
    public long sectors() {
        return memory.sectors();
    }

    @Override
    public StoreTraits traits() {
        return traits;
    }

    @Override
    public void submit(StoreRequest request) {
        submitted++;
        for (int i = 0; i < held.size(); i++) {
            if (conflict(held.get(i), request)) {
                throw new AssertionError("overlapping requests in progress together");
            }
        }
        held.add(request);
        if (eager != null && eager.nextBoolean()) {
            complete(held.size() - 1);
        }
    }

    private static boolean conflict(StoreRequest a, StoreRequest b) {
        boolean bothMoveData = a.sectors() > 0 && b.sectors() > 0;
        boolean writes = a.op() == StoreRequest.Op.WRITE || b.op() == StoreRequest.Op.WRITE;
        return bothMoveData
                && writes
                && a.lba() < b.lba() + b.sectors()
                && b.lba() < a.lba() + a.sectors();
    }

    @Override
    public void close() {}
}
