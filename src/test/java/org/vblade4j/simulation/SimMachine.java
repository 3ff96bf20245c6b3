// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.SimulatedStores;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.engine.IoEngine;
import org.vblade4j.store.engine.SimulatedEngine;

/** The machine a target runs on: a kernel, its disk, and a port of the network. */
final class SimMachine {
    private final Simulation world;
    private final SimSetup setup;
    private final SplittableRandom random;
    private final SimDisk disk;
    private final SimKernel kernel;
    private final SimulatedStores stores;

    /** Their memory may be in use after their end. */
    private final List<SimPort> ports = new ArrayList<>();

    private final Tally tally = new Tally();
    private SimulatedEngine engine;
    private SimTarget target;
    private boolean cutsPower;

    SimMachine(Simulation world, SplittableRandom random) {
        this.world = world;
        this.random = random;
        setup = world.setup();
        disk = new SimDisk(random.split(), tally, setup.diskSectors(Simulation.SECTORS));
        kernel =
                new SimKernel(
                        random.split(),
                        disk,
                        tally,
                        setup.device(),
                        setup.blockBytes(),
                        setup.faults(),
                        setup.latencyNs());
        kernel.secretive = random.nextInt(32) == 0;
        kernel.tellsBlocks = random.nextInt(3) == 0;
        kernel.lie =
                switch (world.defect()) {
                    case NO_SYNC -> SimCalls.Lie.NO_SYNC;
                    case FAILED_SYNC -> SimCalls.Lie.SYNC_NEVER_FAILS;
                    default -> SimCalls.Lie.NONE;
                };
        stores = new SimulatedStores(kernel, this::openEngine, world::nowNs, setup.device());
        boolean cold = random.nextInt(8) == 0;
        boolean sparse = !setup.device() && random.nextInt(4) == 0;
        for (int page = 0; page < disk.pages(); page++) {
            if (sparse || (!setup.device() && random.nextInt(8) == 0)) {
                disk.makeHole(page);
            }
            if (!cold) {
                disk.readIn(page);
            }
        }
    }

    private IoEngine openEngine(int depth, int... fds) {
        SimulatedEngine.Kernel below =
                new SimulatedEngine.Kernel() {
                    @Override
                    public void begin(SimulatedEngine.Job job) {
                        kernel.begin(job);
                    }

                    @Override
                    public void pass() {
                        world.work();
                    }
                };
        engine = new SimulatedEngine(below, random.split(), depth, fds);
        return engine;
    }

    SimKernel kernel() {
        return kernel;
    }

    Tally tally() {
        return tally;
    }

    boolean ready() {
        return engine != null && engine.ready();
    }

    /** A target that knows nothing of what an earlier one knew; null while the disk is away. */
    SimTarget start() {
        engine = null;
        if (setup.options().lengthSectors() > 0) {
            resize(Simulation.SECTORS); // a window that is not there is not opened
        }
        boolean cut =
                setup.options().lengthSectors() > 0
                        && disk.sectors() < setup.diskSectors(Simulation.SECTORS);
        if (kernel.absent || cut) {
            return null;
        }
        Defect defect = world.defect();
        try {
            BlockStore store = openStore(defect);
            if (DefectiveStore.plants(defect)) {
                store = new DefectiveStore(store, defect, world);
            }
            SimPort port = openPort(defect, store);
            target =
                    new SimTarget(
                            world,
                            port,
                            store,
                            world.counters(),
                            defect == Defect.NO_ORDER ? 2 : 1,
                            world::ending);
            return target;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private BlockStore openStore(Defect defect) throws IOException {
        StoreOptions options = setup.options();
        return defect == Defect.NO_CONFLICTS && options.direct()
                ? stores.openWithoutConflicts(options)
                : stores.open(options);
    }

    private SimPort openPort(Defect defect, BlockStore store) {
        SimPort port =
                new SimPort(
                        random.split(),
                        kernel,
                        world,
                        world.counters(),
                        new Tap(),
                        tally,
                        SimTarget.MAC,
                        setup.mtuBytes(),
                        setup.ringFrames(),
                        setup.slots());
        port.gathersLate = defect == Defect.EARLY_LEAVE;
        if (defect == Defect.FRAME_NOT_KEPT) {
            port.insteadOfBatchEnd = store::kick;
        }
        ports.add(port);
        world.network().attach(SimTarget.MAC, port::offer);
        return port;
    }

    /** Listens where the target meets the network. */
    private final class Tap implements SimPort.Tap {
        @Override
        public void arrived(ByteBuffer buffer, int offset, int lengthBytes) {
            world.history().arrived(buffer, offset, lengthBytes);
        }

        @Override
        public void dropped(ByteBuffer buffer, int offset) {
            world.history().dropped(buffer, offset);
        }

        @Override
        public void sent(byte[] frame, boolean lost) {
            world.history().sent(ByteBuffer.wrap(frame), 0, frame.length);
            if (!lost) {
                world.network().send(SimTarget.MAC, frame);
            }
        }
    }

    void pass(boolean calm) {
        kernel.pass(world.nowNs());
        if (engine != null && engine.holdsBack()) {
            tally.add(Tally.Event.OPERATIONS_HELD_BACK);
        }
        if (!calm && setup.oneInStirs() > 0 && random.nextInt(setup.oneInStirs()) == 0) {
            kernel.stir();
        }
        world.history().lossy(disk.lossy);
    }

    /** What was held, full or away is no longer. */
    void recover() {
        kernel.hold(false);
        disk.full = false;
        if (kernel.absent) {
            kernel.absent = false;
            resized();
        }
    }

    void change(int which) {
        switch (which) {
            case 0 -> kernel.hold(true);
            case 1 -> disk.full = true;
            case 2 -> {
                if (setup.device()) {
                    kernel.absent = true;
                    tally.add(Tally.Event.ABSENCES);
                    world.history().resized(0);
                }
            }
            case 3, 4 -> {
                int before = disk.sectors();
                resize(Simulation.CHECKED_SECTORS + random.nextInt(Simulation.TAIL_SECTORS + 1));
                if (disk.sectors() < before && random.nextBoolean()) {
                    world.burster().readTail();
                }
            }
            default -> {}
        }
    }

    private void resize(int shown) {
        if (engine != null && engine.holdsBack()) {
            return; // they were checked against the size that there is
        }
        int behind = shown < Simulation.SECTORS ? 0 : setup.behindSectors();
        kernel.resize((int) setup.options().offsetSectors() + shown + behind);
        resized();
    }

    private void resized() {
        tally.add(Tally.Event.RESIZES);
        int shown = disk.sectors() - (int) setup.options().offsetSectors();
        world.history().resized(Math.min(shown, Simulation.SECTORS));
    }

    /** The process dies at its next step. */
    void end(boolean powerCut) {
        cutsPower |= powerCut;
    }

    void died() throws IOException {
        tally.add(cutsPower ? Tally.Event.POWER_CUTS : Tally.Event.KILLS);
        if (cutsPower) {
            kernel.cutPower();
            world.history().powerCut();
        } else {
            kernel.kill();
            world.history().killed();
        }
        target.closeStore(); // only to give back what the test has
        target.closePort();
        kernel.closeAll();
        cutsPower = false;
    }

    /** What the exported part holds when all is over, and that nothing beside it was touched. */
    byte[] shownAtLast() {
        if (setup.options().synced() && random.nextBoolean()) {
            kernel.cutPower();
        }
        byte[] image = disk.image();
        int from = (int) setup.options().offsetSectors() * SimDisk.SECTOR_BYTES;
        int bytes = Simulation.CHECKED_SECTORS * SimDisk.SECTOR_BYTES;
        int behind = from + Simulation.SECTORS * SimDisk.SECTOR_BYTES;
        for (int i = 0; i < image.length; i++) {
            if ((i < from || i >= behind) && image[i] != 0) {
                throw new AssertionError("sector " + i / SimDisk.SECTOR_BYTES + " is not exported");
            }
        }
        byte[] shown = new byte[bytes];
        System.arraycopy(image, from, shown, 0, bytes);
        return shown;
    }
}
