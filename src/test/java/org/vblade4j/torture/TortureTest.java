// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.control.Json;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.ReadOnlyStore;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.torture.DefectiveDisk.Defect;
import org.vblade4j.wire.AoeAddress;

/** The whole checker against our target on a network inside the process, with disks that lie. */
@Timeout(120)
class TortureTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final long TARGET_MAC = 0x0200_0000_0014L;
    private static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int SECTORS = 256;
    private static final int BUFFERS = 16;
    private static final int RING_FRAMES = 64;
    private static final int HOSTS = 3;

    private final MemoryLan lan = new MemoryLan();
    private volatile boolean over;

    private static TorturePlan plan(boolean inOrder, double seconds) {
        return new TorturePlan(
                Stations.all(CLIENT_MAC, HOSTS),
                16,
                SECTORS - 32,
                2,
                4 * RING_FRAMES,
                EnumSet.allOf(Pattern.class),
                inOrder,
                false,
                (long) (seconds * 1e9),
                System.nanoTime());
    }

    private TortureReport run(Defect defect, TorturePlan plan) throws Exception {
        return run(new DefectiveDisk(SECTORS, defect), plan);
    }

    private TortureReport run(BlockStore disk, TorturePlan plan) throws Exception {
        PortOptions targets = PortOptions.forTarget("lan", ADDRESS, RING_FRAMES, BUFFERS);
        PortOptions clients =
                PortOptions.forInitiator("lan", 1024, 64)
                        .withStations(Stations.besides(CLIENT_MAC, HOSTS));
        try (EthernetPort target = lan.connect(targets, TARGET_MAC, 1500, new Counters());
                EthernetPort client = lan.connect(clients, CLIENT_MAC, 1500, new Counters())) {
            DiskIdentity identity = new DiskIdentity("torture", 0);
            TargetSettings settings = new TargetSettings(ADDRESS, BUFFERS, List.of(), identity);
            AoeTarget aoe = new AoeTarget(settings, target, disk, new Counters());
            FutureTask<Void> server = new FutureTask<>(() -> serve(aoe, target));
            new Thread(server, "target").start();
            try {
                FoundTarget found = new FoundTarget(ADDRESS, TARGET_MAC, BUFFERS, 1, 2, "");
                return new Torture(client, found, plan, System::nanoTime, () -> false).run();
            } finally {
                over = true;
                target.wakeUp();
                server.get(10, TimeUnit.SECONDS);
            }
        }
    }

    private Void serve(AoeTarget target, EthernetPort port) throws Exception {
        while (!over) {
            int moved = port.receive(target, 64) + target.poll();
            target.flush();
            if (moved == 0) {
                port.await(1_000_000);
            }
        }
        return null;
    }

    private static String text(TorturePlan plan, TortureReport report) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        TortureText.print(ADDRESS.toString(), plan, report, out);
        out.flush();
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSoundDiskHasNothingWrong(boolean inOrder) throws Exception {
        TorturePlan plan = plan(inOrder, 1.5);
        TortureReport report = run(Defect.NONE, plan);
        String text = text(plan, report);
        assertTrue(report.good() && report.complete(), text);
        assertEquals(0, report.errors(), text);
        assertTrue(report.checkedSectors() > 500 && report.resends() > 50, text);
        assertTrue(report.unanswered() > 100, "bursts beyond the ring lose frames: " + text);
    }

    @Test
    void aNetworkThatLosesAndReordersIsNoFinding() throws Exception {
        lan.changeFaults(new LanFaults(0.02, 0, 0.2, 0, 7));
        TorturePlan plan = plan(false, 1.5);
        TortureReport report = run(Defect.NONE, plan);
        assertTrue(report.good(), text(plan, report));
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyDefectIsFoundInOrder(Defect defect) throws Exception {
        checkFound(defect, plan(true, 30));
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void everyDefectIsFound(Defect defect) throws Exception {
        checkFound(defect, plan(false, 30));
    }

    private void checkFound(Defect defect, TorturePlan plan) throws Exception {
        TortureReport report = run(defect, plan);
        String text = text(plan, report);
        assertFalse(report.good(), text);
        Finding finding = report.findings().get(0);
        assertEquals(defect.kind, finding.kind(), text);
        List<Event> history = finding.history();
        assertFalse(history.get(history.size() - 1).write(), "the read comes last: " + text);
        for (Event event : history) {
            boolean here =
                    event.lba() <= finding.lba() && finding.lba() < event.lba() + event.sectors();
            assertTrue(here || finding.kind() == Kind.FOREIGN, text);
        }
        String json = Json.render(TortureText.members(plan, report));
        assertTrue(
                json.contains("\"kind\":\"" + finding.kind().name().toLowerCase(Locale.ROOT)),
                json);
    }

    @Test
    void aTargetThatRefusesWritesIsRefused() {
        BlockStore disk = new ReadOnlyStore(new DefectiveDisk(SECTORS, Defect.NONE));
        IOException failure = assertThrows(IOException.class, () -> run(disk, plan(true, 1)));
        assertTrue(
                failure.getMessage().startsWith("e1.1 cannot be used: a write of 2 sectors at "),
                failure.getMessage());
    }
}
