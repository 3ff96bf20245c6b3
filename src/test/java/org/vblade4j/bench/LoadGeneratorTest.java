// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.target.AoeTarget;
import org.vblade4j.target.TargetSettings;
import org.vblade4j.wire.AoeAddress;

/** The generator against a target on a network inside the process, on a virtual clock. */
class LoadGeneratorTest {
    private static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    private static final long TARGET_MAC = 0x0200_0000_0014L;
    private static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int SECTORS = 512;
    private static final long STEP_NS = 10_000;
    private static final long MS_NS = 1_000_000;

    private final MemoryLan lan = new MemoryLan();
    private final MemoryStore disk = MemoryStore.heap(SECTORS);
    private long nowNs = 1L << 40;
    private AoeTarget target;
    private EthernetPort targetPort;

    @Test
    void everyAnswerIsCountedAndTimed() throws Exception {
        LoadReport report = run(disk, plan(100, false, false));

        assertTrue(report.good());
        assertTrue(report.reads() > 1000, report.toString());
        assertEquals(0, report.writes());
        assertEquals(report.reads(), report.readNs().getTotalCount());
        assertEquals(report.reads() * 1024, report.bytes());
        assertTrue(report.readNs().getMinValue() >= STEP_NS, "less than one turn of the clock");
        assertEquals(report.reads() * 1e9 / report.elapsedNs(), report.perSecond(), 1);
    }

    @Test
    void sequentialRequestsCoverEveryBlockInTurn() throws Exception {
        LoadReport report = run(disk, plan(0, true, true));

        assertTrue(report.good());
        assertEquals(SECTORS / 2, report.verifiedBlocks(), "each block was written and compared");
    }

    @Test
    void whatWasWrittenIsComparedWhileItRunsAndAfterwards() throws Exception {
        LoadReport report = run(disk, plan(50, false, true));

        assertTrue(report.good());
        assertTrue(report.reads() > 100 && report.writes() > 100, report.toString());
        assertTrue(report.verifiedBlocks() > report.reads() / 2, report.toString());
    }

    @Test
    void aLossyNetworkCostsResendsAndNoData() throws Exception {
        lan.changeFaults(new LanFaults(0.02, 0.05, 0.05, 0, 7));
        LoadReport report = run(disk, plan(50, false, true));

        assertTrue(report.good(), report.toString());
        assertTrue(report.resends() > 0);
    }

    @Test
    void aDiskThatForgetsIsCaught() throws Exception {
        BlockStore forgetful =
                new Forwarding(disk) {
                    @Override
                    public void submit(StoreRequest request) {
                        if (request.op() == StoreRequest.Op.WRITE && request.lba() == 100) {
                            request.complete(StoreStatus.OK);
                        } else {
                            super.submit(request);
                        }
                    }
                };
        LoadReport report = run(forgetful, plan(0, false, true));

        assertFalse(report.good());
        assertEquals(1, report.badBlocks());
    }

    @Test
    void readsAreComparedWithTheVerifiersPattern() throws Exception {
        fill(3);
        assertTrue(run(disk, plan(100, false, true)).good());

        fill(4);
        LoadReport report = run(disk, plan(100, false, true));
        assertEquals(report.verifiedBlocks(), report.badBlocks());
    }

    @Test
    void errorsAreCounted() throws Exception {
        FaultyStore faulty = new FaultyStore(disk, StoreFaults.NONE, () -> nowNs);
        faulty.failSector(10, StoreStatus.MEDIA_ERROR);
        LoadReport report = run(faulty, plan(100, true, false));

        assertTrue(report.errors() > 0);
        assertFalse(report.good());
    }

    @Test
    void aTargetThatFallsSilentEndsTheRun() throws Exception {
        lan.changeFaults(new LanFaults(1, 0, 0, 0, 1));
        LoadReport report = run(disk, plan(100, false, false));

        assertEquals(8, report.lost());
        assertEquals(0, report.reads());
    }

    @Test
    void aRangeSmallerThanTheDepthIsRefused() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new LoadPlan(0, false, 2, 8, 0, 7, 0, 1, 1, false, 3));
    }

    private static LoadPlan plan(int readPercent, boolean sequential, boolean verify) {
        return new LoadPlan(
                readPercent,
                sequential,
                2,
                8,
                0,
                SECTORS / 2,
                2 * MS_NS,
                20 * MS_NS,
                MS_NS,
                verify,
                3);
    }

    private void fill(long seed) {
        SectorPattern pattern = new SectorPattern(seed);
        ByteBuffer sector = ByteBuffer.allocateDirect(512);
        StoreRequest request = new StoreRequest(done -> {});
        for (int lba = 0; lba < SECTORS; lba++) {
            pattern.put(sector, 0, lba);
            disk.submit(request.write(lba, 1, sector, 0));
        }
    }

    private LoadReport run(BlockStore store, LoadPlan plan) throws PortException {
        EthernetPort server = lan.connect(target(), TARGET_MAC, 1500, new Counters());
        targetPort = server;
        EthernetPort client = lan.connect(client(), CLIENT_MAC, 1500, new Counters());
        DiskIdentity identity = new DiskIdentity("load", 0);
        TargetSettings settings = new TargetSettings(ADDRESS, 32, List.of(), identity);
        target = new AoeTarget(settings, targetPort, store, new Counters());
        FoundTarget found = new FoundTarget(ADDRESS, TARGET_MAC, 32, 1, 2, "");
        try (server;
                client) {
            return new LoadGenerator(client, found, plan, this::serve, () -> false).run();
        }
    }

    private static PortOptions target() {
        return PortOptions.forTarget("lan", ADDRESS, 256, 32);
    }

    private static PortOptions client() {
        return PortOptions.forInitiator("lan", 256, 32);
    }

    /** The clock: whenever it is looked at, the target has worked for a moment. */
    private long serve() {
        try {
            nowNs += STEP_NS;
            targetPort.receive(target, 64);
            target.poll();
            targetPort.flush();
            return nowNs;
        } catch (PortException e) {
            throw new IllegalStateException(e);
        }
    }

    private abstract static class Forwarding implements BlockStore {
        private final BlockStore next;

        Forwarding(BlockStore next) {
            this.next = next;
        }

        @Override
        public long sectors() {
            return next.sectors();
        }

        @Override
        public org.vblade4j.store.StoreTraits traits() {
            return next.traits();
        }

        @Override
        public void submit(StoreRequest request) {
            next.submit(request);
        }

        @Override
        public void close() {}
    }
}
