// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.export.DrivenWorker;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.Stations;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.target.TargetState;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/** A target's life between a start and an end: the product's worker, target and stores. */
final class SimTarget {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final long MAC = 0x0200_0000_0014L;
    static final int BUFFERS = 24;
    private static final int BATCH = 32;
    private static final long PAUSE_NS = 20_000;

    private final SimPort port;
    private final BlockStore store;
    private final AoeTarget[] heads;
    private final DrivenWorker worker;
    private final BooleanSupplier ending;

    /**
     * @param heads 1; with 2 there are two targets that share the disk and take every other tag, so
     *     that nobody keeps all requests in order: a defect to be found
     */
    SimTarget(
            Simulation world,
            SimPort port,
            BlockStore store,
            Counters counters,
            int heads,
            BooleanSupplier ending) {
        this.port = port;
        this.store = store;
        this.heads = new AoeTarget[heads];
        TargetState state = new TargetState(List.of());
        Stations stations = new Stations(new long[0], world::nowNs);
        DiskIdentity identity = new DiskIdentity("simulated", 0);
        TargetSettings settings = new TargetSettings(ADDRESS, BUFFERS, List.of(), identity);
        for (int i = 0; i < heads; i++) {
            this.heads[i] = new AoeTarget(settings, state, stations, port, store, counters);
        }
        this.ending = () -> ending.getAsBoolean() || this.heads[0].storeAway();
        long spinNs = world.setup().spinNs();
        worker = new DrivenWorker(port, this.heads[0], store, world::nowNs, spinNs, this.ending);
        this.heads[0].announce();
    }

    static AoeTarget target(
            EthernetPort port, BlockStore store, TargetState state, Counters counters) {
        DiskIdentity identity = new DiskIdentity("simulated", 0);
        TargetSettings settings = new TargetSettings(ADDRESS, BUFFERS, List.of(), identity);
        return new AoeTarget(settings, state, new Stations(), port, store, counters);
    }

    /** Until it is to end, or its store is away. */
    void serve() throws PortException {
        if (heads.length == 1) {
            worker.serve();
        } else {
            serveWithTwoHeads();
        }
    }

    private void serveWithTwoHeads() throws PortException {
        FrameHandler handler =
                new FrameHandler() {
                    @Override
                    public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
                        boolean ata = AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA;
                        int head = ata ? (AoeFrame.tag(buffer, offset) >>> 8) % heads.length : 0;
                        heads[head].onFrame(buffer, offset, lengthBytes);
                    }

                    @Override
                    public void batchEnd() {
                        for (AoeTarget target : heads) {
                            target.batchEnd();
                        }
                    }
                };
        while (!ending.getAsBoolean()) {
            port.receive(handler, BATCH);
            for (AoeTarget target : heads) {
                target.poll();
                target.flush();
            }
            port.await(PAUSE_NS);
        }
    }

    /** The end of an operation wakes the worker. */
    boolean watches() {
        return store.readyFd() >= 0;
    }

    boolean idle() {
        for (AoeTarget target : heads) {
            if (!target.idle()) {
                return false;
            }
        }
        return true;
    }

    /** Nothing more is taken in; true when nothing is in progress any more. */
    boolean settle() {
        return worker.settle() && idle();
    }

    /** Waits for operations in the kernel. */
    void closeStore() throws IOException {
        store.close();
    }

    /** Takes the memory of slots and ring away. */
    void closePort() {
        port.close();
    }
}
