// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.List;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counter;
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

/** A target's life between a start and a kill, moved by whoever calls {@link #turn}. */
final class SimTarget {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final long MAC = 0x0200_0000_0014L;
    static final int BUFFERS = 24;
    private static final int BATCH = 64;

    private final EthernetPort port;
    private final AoeTarget[] heads;
    private final FrameHandler handler;

    /**
     * @param heads 1; with 2 there are two targets that share the disk and take every other tag, so
     *     that nobody keeps all requests in order: a defect to be found
     * @param history shown what each head is about to see, and told what it has dropped
     */
    SimTarget(EthernetPort port, BlockStore store, int heads, DiskHistory history) {
        this.port = port;
        this.heads = new AoeTarget[heads];
        Counters counters = new Counters();
        TargetState state = new TargetState(List.of());
        for (int i = 0; i < heads; i++) {
            this.heads[i] = target(port, store, state, counters);
        }
        handler =
                new FrameHandler() {
                    @Override
                    public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
                        history.arrived(buffer, offset, lengthBytes);
                        boolean ata = AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA;
                        int head = ata ? (AoeFrame.tag(buffer, offset) >>> 8) % heads : 0;
                        long before = drops(counters);
                        SimTarget.this.heads[head].onFrame(buffer, offset, lengthBytes);
                        if (drops(counters) != before) {
                            history.dropped(buffer, offset);
                        }
                    }

                    @Override
                    public void batchEnd() {
                        for (AoeTarget target : SimTarget.this.heads) {
                            target.batchEnd();
                        }
                    }
                };
    }

    private static long drops(Counters counters) {
        return counters.value(Counter.DUPLICATE_DROPS) + counters.value(Counter.SLOT_DROPS);
    }

    static AoeTarget target(
            EthernetPort port, BlockStore store, TargetState state, Counters counters) {
        DiskIdentity identity = new DiskIdentity("simulated", 0);
        TargetSettings settings = new TargetSettings(ADDRESS, BUFFERS, List.of(), identity);
        return new AoeTarget(settings, state, new Stations(), port, store, counters);
    }

    void announce() {
        heads[0].announce();
    }

    void turn() throws PortException {
        port.receive(handler, BATCH);
        for (AoeTarget target : heads) {
            target.poll();
            target.flush();
        }
    }

    boolean idle() {
        for (AoeTarget target : heads) {
            if (!target.idle()) {
                return false;
            }
        }
        return true;
    }

    void kill() {
        port.close();
    }
}
