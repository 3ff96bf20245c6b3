// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;

/**
 * A target, the kernel with the disk and the packet socket below it, a few initiators and the
 * network between them, on one thread and a virtual clock: everything that happens follows from a
 * seed. The disk is slow, answers out of order, goes away for a while and fails; pages of it come
 * into memory and leave; the target is restarted, killed, and loses its power; the network loses,
 * repeats, delays, parts, and delivers more at once than a ring holds; the disk's last sectors come
 * and go.
 *
 * <p>The target's thread is the test's: time passes, and all others get their turn, when it works
 * or waits at its port ({@link SimPort.Time}).
 */
final class Simulation implements SimPort.Time {
    static final int CHECKED_SECTORS = 40;
    static final int TAIL_SECTORS = 16;
    static final int SECTORS = CHECKED_SECTORS + TAIL_SECTORS;
    private static final int MAX_TURNS = 400_000;
    private static final int CALM_TURN = 6_000;
    private static final int BUSY_TURNS = 500;
    private static final long HANG_NS = 60_000_000;
    private static final long STEP_NS = 50_000;
    private static final long IDLE_NS = 1_000_000;

    /** The process is gone. */
    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Killed() {
            super(null, null, false, false);
        }
    }

    private final SplittableRandom random;
    private final Defect defect;
    private final SimSetup setup;
    private final SimNetwork network;
    private final DiskHistory history;
    private final SimMachine machine;
    private final List<SimInitiator> initiators = new ArrayList<>();
    private final SimBurster burster;
    private final Counters counters = new Counters();
    private SimTarget target;
    private boolean killed;
    private boolean restarting;
    private boolean calm;
    private Runnable whenBusy;
    private int whenBusyTurn;
    private long changeNs;
    private long ids;
    private int turns;

    Simulation(long seed, Defect defect) {
        this.defect = defect;
        random = new SplittableRandom(seed);
        network = new SimNetwork(random.split());
        setup = SimSetup.random(random.split());
        boolean readOnly = setup.options().readOnly();
        boolean durable = setup.options().synced();
        history = new DiskHistory(CHECKED_SECTORS, SECTORS, readOnly, durable);
        machine = new SimMachine(this, random.split());
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
            long mac = 0x0200_0000_0100L + i;
            initiators.add(new SimInitiator(this, mac, SECTORS, 10 + random.nextInt(30)));
        }
        int bursts = random.nextBoolean() ? 0 : 1 + random.nextInt(12);
        burster = new SimBurster(this, 0x0200_0000_0200L, bursts);
    }

    DiskHistory history() {
        return history;
    }

    SplittableRandom random() {
        return random;
    }

    SimSetup setup() {
        return setup;
    }

    SimNetwork network() {
        return network;
    }

    SimBurster burster() {
        return burster;
    }

    Defect defect() {
        return defect;
    }

    Counters counters() {
        return counters;
    }

    long nowNs() {
        return network.nowNs;
    }

    long nextId() {
        return ++ids;
    }

    /** What has happened so far. */
    Tally tally() {
        return machine.tally();
    }

    long answers() {
        return history.answers();
    }

    int succeeded() {
        return initiators.stream().mapToInt(SimInitiator::succeeded).sum();
    }

    /** Runs until everything is answered and the network is silent; throws what was wrong. */
    void run() throws IOException {
        while (!over()) {
            target = machine.start();
            if (target == null) {
                pass(STEP_NS, IDLE_NS); // the disk is away
                continue;
            }
            try {
                target.serve();
                end();
            } catch (Killed e) {
                machine.died();
            }
            killed = false;
            restarting = false;
        }
        tally().add(Tally.Event.READS_IN_PLACE, counters.value(Counter.IN_PLACE_READS));
        history.verify(ByteBuffer.wrap(machine.shownAtLast()));
    }

    /** In order: what is in progress ends before its memory does. */
    private void end() throws IOException {
        if (defect == Defect.FREED_MEMORY) {
            target.closePort();
        }
        while (defect != Defect.FREED_MEMORY && !target.settle()) {
            work();
        }
        target.closeStore();
        target.closePort();
        history.killed(); // a new target knows nothing
    }

    private boolean over() {
        return initiators.stream().allMatch(SimInitiator::finished)
                && burster.finished()
                && network.quiet()
                && (target == null || target.idle())
                && machine.kernel().quiet();
    }

    boolean ending() {
        return restarting || over();
    }

    @Override
    public void work() {
        pass(STEP_NS, 0);
        if (killed) {
            throw new Killed();
        }
    }

    @Override
    public void sleep(long timeoutNs, BooleanSupplier woken) {
        long endNs = timeoutNs < 0 ? Long.MAX_VALUE : nowNs() + timeoutNs;
        while (!woken.getAsBoolean() && nowNs() < endNs && !ending()) {
            pass(STEP_NS, Math.min(IDLE_NS, endNs - nowNs()));
            if (machine.ready() && target.watches() && !woken.getAsBoolean()) {
                throw new AssertionError("it sleeps while operations have ended");
            }
            if (killed) {
                throw new Killed();
            }
        }
    }

    @Override
    public boolean ready() {
        return machine.ready();
    }

    /** Time passes: at least a step, and more if nothing is on the network until then. */
    private void pass(long stepNs, long idleNs) {
        if (++turns > MAX_TURNS) {
            throw new AssertionError("requests hang");
        }
        try {
            network.pass(stepNs, Math.min(idleNs, machine.kernel().idleNs()));
            machine.pass(calm);
            for (SimInitiator initiator : initiators) {
                initiator.turn();
            }
            burster.turn();
            if (whenBusy != null && (!machine.kernel().quiet() || turns > whenBusyTurn)) {
                Runnable end = whenBusy;
                whenBusy = null;
                end.run();
            }
            if (turns % 16 == 0) {
                scenario();
            }
        } catch (PortException e) {
            throw new AssertionError(e);
        }
    }

    /** Something happens every so often, until it has been enough and all must recover. */
    private void scenario() {
        if (nowNs() < changeNs) {
            return;
        }
        changeNs = nowNs() + random.nextLong(15_000_000);
        network.part(false);
        machine.recover();
        calm |= turns > CALM_TURN;
        if (calm) {
            whenBusy = null;
            network.changeFaults(SimNetwork.Faults.NONE);
            machine.kernel().calm();
            return;
        }
        network.changeFaults(SimNetwork.Faults.random(random));
        switch (random.nextInt(12)) {
            case 0 -> whenBusy(() -> end(false));
            case 1 -> whenBusy(() -> end(true));
            case 2 -> network.part(true);
            case 3 -> whenBusy(this::restart);
            default -> machine.change(random.nextInt(8));
        }
    }

    /** Preferably in the middle of an operation of the disk. */
    private void whenBusy(Runnable end) {
        whenBusy = end;
        whenBusyTurn = turns + BUSY_TURNS;
    }

    private void restart() {
        restarting = true;
        if (random.nextBoolean()) { // as from a disk that hangs
            machine.kernel().hold(true);
            changeNs = nowNs() + random.nextLong(HANG_NS);
        }
        tally().add(Tally.Event.RESTARTS);
    }

    private void end(boolean powerCut) {
        killed = true;
        machine.end(powerCut);
    }
}
