// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.List;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.AoeAddress;

/** A target and an initiator on a network inside the process, on one thread and a virtual clock. */
final class Lab {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final long TARGET_MAC = 0x0200_0000_0014L;
    static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int SLOTS = 32;
    private static final long STEP_NS = 50_000;

    final MemoryLan lan = new MemoryLan();
    final EthernetPort targetPort;
    final EthernetPort clientPort;
    AoeTarget target;
    private final int bufferCount;
    long nowNs = 1L << 50;

    Lab(BlockStore store, int mtuBytes, int bufferCount) {
        targetPort =
                lan.connect(
                        PortOptions.forTarget("lan", ADDRESS, 256, SLOTS),
                        TARGET_MAC,
                        mtuBytes,
                        new Counters());
        clientPort =
                lan.connect(
                        PortOptions.forInitiator("lan", 256, SLOTS),
                        CLIENT_MAC,
                        mtuBytes,
                        new Counters());
        this.bufferCount = bufferCount;
        replace(store, new DiskIdentity("lab", 0));
    }

    /** From now on another target is at the address. */
    void replace(BlockStore store, DiskIdentity identity) {
        TargetSettings settings = new TargetSettings(ADDRESS, bufferCount, List.of(), identity);
        target = new AoeTarget(settings, targetPort, store, new Counters());
    }

    /** As a target does that has just been started. */
    void announce() throws PortException {
        target.announce();
        target.flush();
    }

    void cut() {
        lan.changeFaults(new LanFaults(1, 0, 0, 0, 0));
    }

    void mend() {
        lan.changeFaults(LanFaults.NONE);
    }

    /** Lets the target work for a moment. */
    void serve() {
        try {
            nowNs += STEP_NS;
            targetPort.receive(target, 64);
            target.poll();
            targetPort.flush();
        } catch (PortException e) {
            throw new IllegalStateException(e);
        }
    }

    FoundTarget discover() throws PortException {
        Discovery discovery = new Discovery(clientPort, () -> nowNs);
        discovery.query(ADDRESS.shelf(), ADDRESS.slot());
        serve();
        discovery.poll();
        return discovery.found().get(0);
    }

    RemoteDisk connect(DiskSettings settings) throws PortException {
        RemoteDisk disk = new RemoteDisk(clientPort, discover(), settings, () -> nowNs);
        for (int i = 0; !disk.ready(); i++) {
            if (i == 10_000) {
                throw new AssertionError("the disk did not come up");
            }
            disk.poll();
            serve();
        }
        return disk;
    }

    /** Brings out what the network keeps back, on both ends, and lets the target finish. */
    void calm() throws PortException {
        lan.changeFaults(LanFaults.NONE);
        for (int i = 0; i < 8; i++) {
            discover();
        }
        while (!target.idle()) {
            serve();
        }
        serve();
    }
}
