// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.Disks;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/** A disk image served and verified over real interfaces: a veth pair. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
class InitiatorLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(7, 3);
    private static final long TARGET_MAC = 0x0200_0000_0014L;
    private static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int SECTORS = 16 * 2048;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private volatile boolean stop;

    @ParameterizedTest
    @ValueSource(ints = {1500, 9000})
    void findsADiskAndVerifiesEverySector(int mtuBytes, PrivateNetwork network) throws Exception {
        network.veth("vb0", TARGET_MAC, "vb1", CLIENT_MAC, mtuBytes);
        PortOptions targetOptions = PortOptions.forTarget("vb0", ADDRESS, 256, 64);
        PortOptions clientOptions = PortOptions.forInitiator("vb1", 256, 64);
        RingPorts ports = new RingPorts();
        try (EthernetPort targetPort = ports.open(targetOptions, new Counters());
                EthernetPort clientPort = ports.open(clientOptions, new Counters());
                BlockStore store =
                        Stores.open(
                                Disks.image(Disks.directory(), SECTORS * 512L),
                                StoreOptions.DEFAULTS)) {
            DiskIdentity identity = new DiskIdentity("live", 0);
            AoeTarget target =
                    new AoeTarget(
                            new TargetSettings(ADDRESS, 32, List.of(), identity),
                            targetPort,
                            store,
                            new Counters());
            assertTrue(targetPort.watch(store.readyFd()));
            FutureTask<Void> server = new FutureTask<>(() -> serve(target, targetPort));
            new Thread(server, "target").start();
            try {
                findAndVerify(clientPort, mtuBytes);
            } finally {
                stop = true;
                targetPort.wakeUp();
                server.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private Void serve(AoeTarget target, EthernetPort port) throws Exception {
        while (!stop) {
            if (port.receive(target, 64) + target.poll() == 0) {
                port.await(-1);
            }
            target.flush();
        }
        return null;
    }

    private static void findAndVerify(EthernetPort port, int mtuBytes) throws Exception {
        Discovery discovery = new Discovery(port, System::nanoTime);
        List<FoundTarget> found = discovery.find(ADDRESS, 5 * SECOND_NS);
        assertEquals(1, found.size());
        assertEquals(TARGET_MAC, found.get(0).mac());
        assertEquals(32, found.get(0).bufferCount());
        assertEquals((mtuBytes - 36) / 512, found.get(0).maxSectors());
        assertEquals(found, discovery.run(SECOND_NS / 10));
        try (RemoteDisk disk = RemoteDisk.open(port, found.get(0), DiskSettings.DEFAULTS)) {
            assertEquals(SECTORS, disk.sectors());
            DiskVerifier verifier =
                    new DiskVerifier(disk, 16, 8, 99, System::nanoTime, () -> disk.await(-1));
            VerifyReport report = verifier.run();
            assertTrue(report.good(), report.toString());
            assertEquals(SECTORS, report.sectors());
        }
    }
}
