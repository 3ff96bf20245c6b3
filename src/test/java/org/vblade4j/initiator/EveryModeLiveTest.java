// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.Disks;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.Stores;
import org.vblade4j.store.engine.EngineChoice;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/** Every engine in every mode and at both MTUs: all sectors written, then all read back. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class EveryModeLiveTest {
    private static final AoeAddress ADDRESS = new AoeAddress(7, 4);
    private static final int SECTORS = 2000;
    private static final int OFFSET = 3;
    private static final int LENGTH = SECTORS - 17;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private volatile boolean stop;

    private record Mode(EngineChoice engine, boolean direct, boolean synced, int mtu, int block) {}

    static Stream<Mode> modes() {
        List<Mode> modes = new ArrayList<>();
        for (int mtu : new int[] {1500, 9000}) {
            for (EngineChoice engine : EngineChoice.values()) {
                for (int mode = 0; mode < 4; mode++) {
                    modes.add(new Mode(engine, (mode & 1) != 0, (mode & 2) != 0, mtu, 512));
                }
                modes.add(new Mode(engine, true, false, mtu, 4096));
            }
        }
        return modes.stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void everySectorIsWhatWasWritten(Mode mode, PrivateNetwork network) throws Exception {
        network.veth("vm0", 0x0200_0000_0024L, "vm1", 0x0200_0000_002aL, mode.mtu);
        // A device's size is in whole blocks.
        Path image = Disks.image(Disks.directory(), (SECTORS + 7 & -8) * 512L);
        if (mode.block == 512) {
            verify(mode, image);
            return;
        }
        String sectorSize = String.valueOf(mode.block);
        String[] attach = {
            "losetup", "--find", "--show", "--sector-size", sectorSize, image.toString()
        };
        String device = Disks.run(attach);
        try {
            verify(mode, Path.of(device));
        } finally {
            Disks.run("losetup", "--detach", device);
        }
    }

    private void verify(Mode mode, Path disk) throws Exception {
        StoreOptions options = new StoreOptions(mode.direct, mode.synced, false, OFFSET, LENGTH);
        RingPorts ports = new RingPorts();
        try (EthernetPort targetPort =
                        ports.open(PortOptions.forTarget("vm0", ADDRESS, 256, 64), new Counters());
                EthernetPort clientPort =
                        ports.open(PortOptions.forInitiator("vm1", 256, 64), new Counters());
                BlockStore store = Stores.open(disk, options.on(mode.engine, 16))) {
            TargetSettings settings =
                    new TargetSettings(ADDRESS, 32, List.of(), new DiskIdentity("modes", 0));
            AoeTarget target = new AoeTarget(settings, targetPort, store, new Counters());
            targetPort.watch(store.readyFd());
            FutureTask<Void> server = new FutureTask<>(() -> serve(target, targetPort));
            new Thread(server, "target").start();
            try {
                verify(clientPort);
            } finally {
                stop = true;
                targetPort.wakeUp();
                server.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private Void serve(AoeTarget target, EthernetPort port) throws Exception {
        while (!stop) {
            int moved = port.receive(target, 64) + target.poll();
            target.flush();
            if (moved == 0) {
                port.await(SECOND_NS / 1000);
            }
        }
        return null;
    }

    private static void verify(EthernetPort port) throws Exception {
        List<FoundTarget> found =
                new Discovery(port, System::nanoTime).find(ADDRESS, 5 * SECOND_NS);
        try (RemoteDisk disk = RemoteDisk.open(port, found.get(0), DiskSettings.DEFAULTS)) {
            DiskVerifier verifier =
                    new DiskVerifier(disk, 16, 7, 99, System::nanoTime, () -> disk.await(-1));
            VerifyReport report = verifier.run();
            assertTrue(report.good(), report.toString());
            assertEquals(LENGTH, report.sectors());
        }
    }
}
