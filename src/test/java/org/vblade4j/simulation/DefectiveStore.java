// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

/** A disk that lies, or that is asked to do two things at once: what the checker must find. */
final class DefectiveStore implements BlockStore {
    private record Late(long dueNs, Runnable work) {}

    private final BlockStore next;
    private final Defect defect;
    private final Simulation world;
    private final SplittableRandom random;
    private final List<Late> late = new ArrayList<>();

    /** What waits for the next kick, of which it is said that the data has been taken. */
    private List<StoreRequest> held = new ArrayList<>();

    private int writes;

    DefectiveStore(BlockStore next, Defect defect, Simulation world) {
        this.next = next;
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
    public boolean inPlaceValid() {
        return defect == Defect.BEHIND_THE_END || next.inPlaceValid();
    }

    @Override
    public void inPlaceFailed() {
        next.inPlaceFailed();
    }

    @Override
    public boolean absent() {
        return next.absent();
    }

    @Override
    public int readyFd() {
        return next.readyFd();
    }

    @Override
    public long sectors() {
        return next.sectors();
    }

    @Override
    public StoreTraits traits() {
        return next.traits();
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
            default -> next.submit(request);
        }
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

    @Override
    public void close() throws IOException {
        next.close();
    }
}
