// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FilterStore;
import org.vblade4j.store.ReadLease;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/** A disk that lies, or that is asked to do two things at once: what the checker must find. */
final class DefectiveStore extends FilterStore {
    private record Late(long dueNs, Runnable work) {}

    private final Defect defect;
    private final Simulation world;
    private final SplittableRandom random;
    private final List<Late> late = new ArrayList<>();

    /** What waits for the next kick, of which it is said that the data has been taken. */
    private List<StoreRequest> held = new ArrayList<>();

    private int writes;
    private final ReadLease.Lender believed =
            new ReadLease.Lender() {
                @Override
                public void lent() {}

                @Override
                public boolean stillValid() {
                    return true;
                }

                @Override
                public void unreadable() {}

                @Override
                public void returned() {}
            };

    DefectiveStore(BlockStore next, Defect defect, Simulation world) {
        super(next);
        this.defect = defect;
        this.world = world;
        random = world.random().split();
    }

    /** Whether the defect is one of this class. */
    static boolean plants(Defect defect) {
        return switch (defect) {
            case EARLY_ANSWER, KICKED_ONCE, LOST_WRITE, TORN_WRITE, BEHIND_THE_END -> true;
            default -> false;
        };
    }

    @Override
    public void submit(StoreRequest request) {
        boolean write = request.op() == StoreRequest.Op.WRITE;
        boolean wrong = write && ++writes % 8 == 0;
        switch (defect) {
            case EARLY_ANSWER -> {
                if (write) {
                    answerEarly(request);
                } else {
                    next.submit(request);
                }
            }
            case KICKED_ONCE -> {
                if (write && next.traits().takesDataByKick()) {
                    request.dataTaken();
                    held.add(request);
                } else {
                    next.submit(request);
                }
            }
            case LOST_WRITE -> {
                if (wrong) {
                    request.complete(StoreStatus.OK);
                } else {
                    next.submit(request);
                }
            }
            case TORN_WRITE -> {
                if (wrong) {
                    request.buffer().putLong(request.offset() + 256, 42);
                }
                next.submit(request);
            }
            case BEHIND_THE_END ->
                    next.submit(request.mayAnswerInPlace() ? unchecked(request) : request);
            default -> next.submit(request);
        }
    }

    /** The same, of whose answer nobody asks whether it is still true. */
    private StoreRequest unchecked(StoreRequest request) {
        ReadLease lease = new ReadLease();
        StoreRequest own =
                new StoreRequest(
                        done -> {
                            if (done.address() == 0) {
                                request.complete(done.status());
                            } else {
                                request.completeInPlace(done.address(), believed);
                            }
                            lease.end();
                        });
        own.read(request.lba(), request.sectors(), request.buffer(), request.offset());
        own.allowInPlace(lease);
        return own;
    }

    private void answerEarly(StoreRequest request) {
        ByteBuffer data = ByteBuffer.allocateDirect(request.bytes());
        data.put(0, request.buffer(), request.offset(), request.bytes());
        StoreRequest own = new StoreRequest(done -> {});
        own.write(request.lba(), request.sectors(), data, 0);
        later(() -> next.submit(own));
        request.complete(StoreStatus.OK);
    }

    private void later(Runnable work) {
        late.add(new Late(world.nowNs() + random.nextLong(5_000_000), work));
    }

    @Override
    public void kick() {
        List<StoreRequest> batch = held;
        held = new ArrayList<>();
        batch.forEach(next::submit);
        next.kick(); // what listeners submit meanwhile outlasts the batch
    }

    @Override
    public int poll() {
        List<Late> due = new ArrayList<>();
        late.removeIf(one -> one.dueNs <= world.nowNs() && due.add(one));
        due.sort((a, b) -> Long.compare(a.dueNs, b.dueNs));
        due.forEach(one -> one.work.run());
        next.kick();
        return due.size() + next.poll();
    }
}
