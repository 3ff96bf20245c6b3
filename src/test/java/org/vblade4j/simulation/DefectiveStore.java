// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.simulation.Simulation.Defect;
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
    private int writes;

    DefectiveStore(BlockStore next, Defect defect, Simulation world) {
        this.next = next;
        this.defect = defect;
        this.world = world;
        random = world.random().split();
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
            case NO_ORDER -> later(() -> carryOut(request));
            case EARLY_ANSWER -> {
                if (write) {
                    answerEarly(request);
                } else {
                    carryOut(request);
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

    /** Past the faulty store, which would itself complain of two requests on one sector. */
    private void carryOut(StoreRequest request) {
        StoreStatus[] status = new StoreStatus[1];
        StoreRequest own = new StoreRequest(done -> status[0] = done.status());
        world.medium().submit(copy(request, own, request.buffer(), request.offset()));
        request.complete(status[0]);
    }

    private void answerEarly(StoreRequest request) {
        ByteBuffer data = ByteBuffer.allocate(request.bytes());
        data.put(0, request.buffer(), request.offset(), request.bytes());
        StoreRequest own = copy(request, new StoreRequest(done -> {}), data, 0);
        later(() -> world.medium().submit(own));
        request.complete(StoreStatus.OK);
    }

    private static StoreRequest copy(
            StoreRequest request, StoreRequest own, ByteBuffer buffer, int offset) {
        return switch (request.op()) {
            case READ -> own.read(request.lba(), request.sectors(), buffer, offset);
            case WRITE -> own.write(request.lba(), request.sectors(), buffer, offset);
            case FLUSH -> own.flush();
        };
    }

    private void later(Runnable work) {
        late.add(new Late(world.nowNs() + random.nextLong(5_000_000), work));
    }

    @Override
    public void kick() {
        next.kick();
    }

    @Override
    public int poll() {
        List<Late> due = new ArrayList<>();
        late.removeIf(one -> one.dueNs <= world.nowNs() && due.add(one));
        due.sort((a, b) -> Long.compare(a.dueNs, b.dueNs));
        due.forEach(one -> one.work.run());
        return due.size() + next.poll();
    }

    @Override
    public void close() throws IOException {
        next.close();
    }
}
