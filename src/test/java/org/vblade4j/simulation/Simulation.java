// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * A target, its disk, a few initiators and the network between them, on one thread and a virtual
 * clock: everything that happens follows from a seed. The disk is slow, answers out of order, goes
 * away for a while and fails; the target is killed and started anew; the network loses, repeats,
 * delays and parts; the disk's last sectors come and go.
 */
final class Simulation {
    /** What may be wrong with the target on purpose, to see that it is found. */
    enum Defect {
        NONE,
        /** Requests for the same sectors are not kept in order. */
        NO_ORDER,
        /** A write is answered before it is carried out. */
        EARLY_ANSWER,
        /** A write is answered and forgotten, sometimes. */
        LOST_WRITE,
        /** A sector of a write does not get there, sometimes. */
        TORN_WRITE
    }

    static final int CHECKED_SECTORS = 40;
    private static final int TAIL_SECTORS = 16;
    private static final int MAX_TURNS = 400_000;
    private static final int[] MTUS = {1500, 1500, 2600, 9000};
    private static final long STEP_NS = 50_000;

    private final SplittableRandom random;
    private final Defect defect;
    private final SimNetwork network;
    private final DiskHistory history = new DiskHistory(CHECKED_SECTORS);
    private final MemoryStore medium = MemoryStore.heap(CHECKED_SECTORS + TAIL_SECTORS);
    private final SimNetwork.Segment place;
    private final List<SimInitiator> initiators = new ArrayList<>();
    private final int mtuBytes;
    private SimTarget target;
    private FaultyStore faulty;
    private boolean down;
    private boolean calm;
    private long changeNs;
    private long ids;
    private int kills;

    Simulation(long seed, Defect defect) {
        this.defect = defect;
        random = new SplittableRandom(seed);
        network = new SimNetwork(random.split());
        mtuBytes = MTUS[random.nextInt(MTUS.length)];
        place = network.segment(SimTarget.MAC, history::sent);
        start();
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            long mac = 0x0200_0000_0100L + i;
            SimNetwork.Segment segment = network.segment(mac, (buffer, offset, length) -> {});
            EthernetPort port = segment.connect(PortOptions.forInitiator("sim", 32, 24), mtuBytes);
            int sectors = CHECKED_SECTORS + TAIL_SECTORS;
            initiators.add(new SimInitiator(this, port, mac, sectors, 10 + random.nextInt(30)));
        }
    }

    DiskHistory history() {
        return history;
    }

    MemoryStore medium() {
        return medium;
    }

    SplittableRandom random() {
        return random;
    }

    long nowNs() {
        return network.nowNs;
    }

    long nextId() {
        return ++ids;
    }

    int kills() {
        return kills;
    }

    long answers() {
        return history.answers();
    }

    int succeeded() {
        return initiators.stream().mapToInt(SimInitiator::succeeded).sum();
    }

    /** Runs until everything is answered and the network is silent; throws what was wrong. */
    void run() throws PortException {
        for (int turn = 0; !over(); turn++) {
            if (turn == MAX_TURNS) {
                throw new AssertionError("requests hang");
            }
            if (turn % 64 == 0) {
                scenario(turn);
            }
            turn();
        }
        ByteBuffer image = ByteBuffer.allocate(CHECKED_SECTORS * StampedSectors.BYTES);
        medium.submit(new StoreRequest(done -> {}).read(0, CHECKED_SECTORS, image, 0));
        history.verify(image);
    }

    private boolean over() {
        return initiators.stream().allMatch(SimInitiator::finished)
                && network.quiet()
                && !down
                && target.idle();
    }

    private void turn() throws PortException {
        network.pass(STEP_NS, 1_000_000);
        if (!down) {
            target.turn();
        }
        for (SimInitiator initiator : initiators) {
            initiator.turn();
        }
    }

    /** Something happens every so often, until it has been enough and all must recover. */
    private void scenario(int turn) throws PortException {
        if (nowNs() < changeNs) {
            return;
        }
        changeNs = nowNs() + random.nextLong(60_000_000);
        network.part(false);
        faulty.release();
        calm |= turn > 6_000;
        if (calm) {
            network.changeFaults(SimNetwork.Faults.NONE);
            restartIfDown();
            return;
        }
        network.changeFaults(SimNetwork.Faults.random(random));
        switch (random.nextInt(10)) {
            case 0 -> kill();
            case 1 -> network.part(true);
            case 2 -> faulty.hold();
            case 3 -> medium.resize(CHECKED_SECTORS + random.nextInt(TAIL_SECTORS + 1));
            default -> restartIfDown();
        }
    }

    private void kill() {
        if (!down) {
            down = true;
            kills++;
            target.kill();
            history.killed();
        }
    }

    private void restartIfDown() throws PortException {
        if (down) {
            down = false;
            start();
            target.announce();
        }
    }

    /** With nothing of what an earlier one knew or had in progress; only the medium is the same. */
    private void start() {
        StoreStatus error =
                random.nextBoolean() ? StoreStatus.UNAVAILABLE : StoreStatus.MEDIA_ERROR;
        double rate = random.nextInt(3) == 0 ? random.nextDouble(0.1) : 0;
        StoreFaults faults =
                new StoreFaults(random.nextLong(), rate, error, 1 + random.nextLong(4_000_000));
        faulty = new FaultyStore(medium, faults, this::nowNs);
        BlockStore store =
                defect == Defect.NONE ? faulty : new DefectiveStore(faulty, defect, this);
        EthernetPort port =
                place.connect(PortOptions.forTarget("sim", SimTarget.ADDRESS, 48, 32), mtuBytes);
        int heads = defect == Defect.NO_ORDER ? 2 : 1;
        target = new SimTarget(port, store, heads, history);
    }
}
