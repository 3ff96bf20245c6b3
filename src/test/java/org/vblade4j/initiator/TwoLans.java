// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.ArrayList;
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

/** An initiator with a target on each of two networks, on one thread and a virtual clock. */
final class TwoLans {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final long STEP_NS = 50_000;

    final List<MemoryLan> lans = new ArrayList<>();
    private final List<EthernetPort> targetPorts = new ArrayList<>();
    private final List<EthernetPort> clientPorts = new ArrayList<>();
    private final List<AoeTarget> targets = new ArrayList<>();
    long nowNs = 1L << 50;

    /** Adds a network with a target on it. */
    TwoLans add(BlockStore store, String serial, int mtuBytes, int bufferCount) {
        int number = lans.size();
        MemoryLan lan = new MemoryLan();
        lans.add(lan);
        PortOptions server = PortOptions.forTarget("lan", ADDRESS, 256, 64);
        PortOptions client = PortOptions.forInitiator("lan", 256, 64);
        targetPorts.add(lan.connect(server, 0x0200_0000_0010L + number, mtuBytes, new Counters()));
        clientPorts.add(lan.connect(client, 0x0200_0000_0020L + number, mtuBytes, new Counters()));
        TargetSettings settings =
                new TargetSettings(ADDRESS, bufferCount, List.of(), new DiskIdentity(serial, 0));
        targets.add(new AoeTarget(settings, targetPorts.get(number), store, new Counters()));
        return this;
    }

    /** From now on another target is on the network. */
    void replace(int lan, BlockStore store, String serial) {
        TargetSettings settings =
                new TargetSettings(ADDRESS, 16, List.of(), new DiskIdentity(serial, 0));
        targets.set(lan, new AoeTarget(settings, targetPorts.get(lan), store, new Counters()));
    }

    void serve() {
        try {
            nowNs += STEP_NS;
            for (int i = 0; i < targets.size(); i++) {
                targetPorts.get(i).receive(targets.get(i), 64);
                targets.get(i).poll();
                targetPorts.get(i).flush();
            }
        } catch (PortException e) {
            throw new IllegalStateException(e);
        }
    }

    void cut(int lan) {
        lans.get(lan).changeFaults(new LanFaults(1, 0, 0, 0, 0));
    }

    void mend(int lan) {
        lans.get(lan).changeFaults(LanFaults.NONE);
    }

    List<DiskPath> discover() throws PortException {
        List<DiskPath> paths = new ArrayList<>();
        for (int i = 0; i < lans.size(); i++) {
            EthernetPort port = clientPorts.get(i);
            Discovery discovery = new Discovery(port, () -> nowNs);
            discovery.query(ADDRESS.shelf(), ADDRESS.slot());
            serve();
            discovery.poll();
            paths.add(new DiskPath("lan" + i, port, discovery.found().get(0)));
        }
        return paths;
    }

    RemoteDisk connect(DiskSettings settings) throws PortException {
        RemoteDisk disk = new RemoteDisk(discover(), settings, () -> nowNs);
        for (int i = 0; !settled(disk); i++) {
            if (i == 10_000) {
                throw new AssertionError("not all paths were decided: " + disk.paths());
            }
            disk.poll();
            serve();
        }
        return disk;
    }

    private static boolean settled(RemoteDisk disk) {
        return disk.paths().stream().noneMatch(path -> path.state() == PathState.UNPROVEN);
    }
}
