// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.BlockStoreContract;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.ReadOnlyContract;
import org.vblade4j.store.ReadOnlyStore;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;

class RemoteDiskTest {
    private Lab lab;

    @Nested
    class OverAGoodNetwork extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            lab = new Lab(MemoryStore.heap(300), 1500, 16);
            return lab.connect(DiskSettings.DEFAULTS);
        }

        @Override
        protected void pass() {
            lab.serve();
        }
    }

    @Nested
    class WithJumboFramesAndAWindowOfOne extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            lab = new Lab(MemoryStore.heap(300), 9000, 1);
            return lab.connect(DiskSettings.DEFAULTS);
        }

        @Override
        protected void pass() {
            lab.serve();
        }
    }

    @Nested
    class OverANetworkThatLosesAndRepeats extends BlockStoreContract {
        @Override
        protected BlockStore open() throws Exception {
            lab = new Lab(MemoryStore.heap(300), 4200, 8);
            RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
            lab.lan.changeFaults(new LanFaults(0.1, 0.1, 0, 0, 1));
            return disk;
        }

        @Override
        protected void pass() {
            lab.serve();
        }
    }

    @Nested
    class ReadOnlyTarget {
        @Test
        void abortsWrites() throws Exception {
            lab = new Lab(new ReadOnlyStore(MemoryStore.heap(100)), 1500, 16);
            RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
            StoreDriver driver = new StoreDriver(disk, lab::serve);
            assertEquals(StoreStatus.READ_ONLY, driver.write(3, new byte[5 * 512]));
            assertEquals(StoreStatus.OK, driver.readStatus(3, 5));
        }
    }

    @Nested
    class BehindAReadOnlyFilter extends ReadOnlyContract {
        @Override
        protected BlockStore open(byte[] contents) throws Exception {
            MemoryStore store = MemoryStore.heap(contents.length / 512);
            new StoreDriver(store).write(0, contents);
            lab = new Lab(store, 1500, 16);
            return new ReadOnlyStore(lab.connect(DiskSettings.DEFAULTS));
        }

        @Override
        protected void pass() {
            lab.serve();
        }
    }

    @Test
    void takesTheSizeFromTheTargetAndAgainWhenAsked() throws Exception {
        MemoryStore store = MemoryStore.heap(1000);
        lab = new Lab(store, 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        assertEquals(1000, disk.sectors());
        assertEquals("lab", disk.identity().serial());
        assertTrue(disk.identity().extended());
        store.resize(500);
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OUT_OF_RANGE, driver.readStatus(499, 2));
        disk.identify();
        driver.pollUntil(() -> disk.sectors() == 500);
    }

    @Test
    void oneBadSectorFailsItsRequestOnly() throws Exception {
        FaultyStore store =
                new FaultyStore(MemoryStore.heap(100), StoreFaults.NONE, () -> lab.nowNs);
        lab = new Lab(store, 1500, 16);
        StoreDriver driver = new StoreDriver(lab.connect(DiskSettings.DEFAULTS), lab::serve);
        store.failSector(31, StoreStatus.MEDIA_ERROR);
        assertEquals(StoreStatus.MEDIA_ERROR, driver.readStatus(20, 60));
        assertEquals(StoreStatus.OK, driver.readStatus(0, 31));
        assertEquals(StoreStatus.OK, driver.readStatus(32, 68));
    }

    @Test
    void whoWasAwayTakesTheAnswersThatWaitBeforeHeAsksAgain() throws Exception {
        lab = new Lab(MemoryStore.heap(1000), 1500, 32);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.readStatus(0, 500)); // opens the window
        StoreRequest read = new StoreRequest(done -> {});
        disk.submit(read.read(0, 500, ByteBuffer.allocate(500 * 512), 0));
        disk.poll();
        lab.serve();
        lab.nowNs += TimeUnit.SECONDS.toNanos(1);
        long answered = answers(disk);
        for (int i = 0; i < 3; i++) {
            disk.poll();
        }
        assertTrue(answers(disk) > answered + 16, "more than he takes at once");
        assertEquals(0, disk.resends());
    }

    private static long answers(RemoteDisk disk) {
        return disk.paths().get(0).answers();
    }

    @Test
    void waitsOutAStoreThatIsAwayAndGivesUpAfterItsTime() throws Exception {
        FaultyStore store =
                new FaultyStore(MemoryStore.heap(100), StoreFaults.NONE, () -> lab.nowNs);
        lab = new Lab(store, 1500, 16);
        DiskSettings settings = new DiskSettings(8, 10_000_000, 100_000_000, 1_000_000_000);
        RemoteDisk disk = lab.connect(settings);
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        long startNs = lab.nowNs;
        store.failSector(5, StoreStatus.UNAVAILABLE);
        assertEquals(StoreStatus.UNAVAILABLE, driver.readStatus(0, 40));
        long waitedNs = lab.nowNs - startNs;
        assertTrue(waitedNs >= 1_000_000_000 && waitedNs < 1_200_000_000, waitedNs + " ns");
        assertTrue(disk.resends() > 5, disk.resends() + " resends");
        store.failSector(5, StoreStatus.OK);
        assertEquals(StoreStatus.OK, driver.readStatus(0, 40));
    }

    @Test
    void verifiesADiskOverABadNetwork() throws Exception {
        lab = new Lab(MemoryStore.heap(2000), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        lab.lan.changeFaults(new LanFaults(0.05, 0.05, 0.05, 0, 5));
        VerifyReport report = new DiskVerifier(disk, 8, 7, 42, () -> lab.nowNs, lab::serve).run();
        assertTrue(report.good(), report.toString());
        assertEquals(2000, report.sectors());
        assertTrue(disk.resends() > 0);
    }

    @Test
    void theVerifierEndsOnceTheDiskHasGoneAway() throws Exception {
        lab = new Lab(MemoryStore.heap(100_000), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        lab.lan.changeFaults(new LanFaults(1, 0, 0, 0, 5));
        long startNs = lab.nowNs;
        VerifyReport report = new DiskVerifier(disk, 16, 64, 42, () -> lab.nowNs, lab::serve).run();
        assertEquals(StoreStatus.UNAVAILABLE, report.firstFailure());
        assertTrue(report.failedRequests() <= 16, report.toString());
        long giveUpNs = DiskSettings.DEFAULTS.giveUpNs();
        assertTrue(lab.nowNs - startNs < 2 * giveUpNs, report.toString());
    }

    @Test
    void theVerifierReadsNothingBackThatWasNotWritten() throws Exception {
        lab = new Lab(new ReadOnlyStore(MemoryStore.heap(100)), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        VerifyReport report = new DiskVerifier(disk, 8, 7, 42, () -> lab.nowNs, lab::serve).run();
        assertFalse(report.good());
        assertEquals(StoreStatus.READ_ONLY, report.firstFailure());
        assertEquals(0, report.badSectors());
        assertEquals(0, report.readNs());
    }

    @Test
    void theVerifierFindsWhatIsNotAsWritten() throws Exception {
        MemoryStore behind = MemoryStore.heap(200);
        BlockStore liar =
                new BlockStore() {
                    @Override
                    public long sectors() {
                        return behind.sectors();
                    }

                    @Override
                    public StoreTraits traits() {
                        return behind.traits();
                    }

                    @Override
                    public void submit(StoreRequest request) {
                        if (request.op() == StoreRequest.Op.WRITE && request.lba() == 40) {
                            request.complete(StoreStatus.OK);
                        } else {
                            behind.submit(request);
                        }
                    }

                    @Override
                    public void close() {}
                };
        VerifyReport report = new DiskVerifier(liar, 4, 8, 1, System::nanoTime, () -> {}).run();
        assertEquals(8, report.badSectors());
        assertEquals(40, report.firstBadLba());
        assertEquals(0, report.failedRequests());
    }

    @Test
    void readsAndWritesAllocateNothing() throws Exception {
        lab = new Lab(MemoryStore.direct(1024), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8 * 512);
        int[] ended = new int[1];
        StoreRequest request = new StoreRequest(done -> ended[0]++);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        exchange(disk, request, buffer, ended, 5000);
        long before = threads.getCurrentThreadAllocatedBytes();
        exchange(disk, request, buffer, ended, 5000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / 5000, "bytes a request, " + allocated + " in all");
    }

    private void exchange(
            RemoteDisk disk, StoreRequest request, ByteBuffer buffer, int[] ended, int count) {
        for (int i = 0; i < count; i++) {
            ended[0] = 0;
            int lba = i % 1000;
            disk.submit(
                    i % 2 == 0
                            ? request.write(lba, 8, buffer, 0)
                            : request.read(lba, 8, buffer, 0));
            while (ended[0] == 0) {
                disk.poll();
                lab.serve();
            }
            if (request.status() != StoreStatus.OK) {
                throw new AssertionError(request.status());
            }
        }
    }

    @Test
    void anOwnerWhoIsSlowToHearOfAnEndIsNotTakenForALoss() throws Exception {
        lab = new Lab(MemoryStore.heap(100), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        ByteBuffer buffer = ByteBuffer.allocateDirect(512);
        StoreRequest next = new StoreRequest(done -> {});
        StoreRequest first =
                new StoreRequest(
                        done -> {
                            lab.nowNs += TimeUnit.MILLISECONDS.toNanos(900);
                            disk.submit(next.read(1, 1, buffer, 0));
                        });
        disk.submit(first.read(0, 1, buffer, 0));
        disk.poll();
        lab.serve();
        assertEquals(1, disk.poll(), "the first, whose end starts the next");
        disk.poll();
        assertEquals(0, disk.resends());
        lab.serve();
        assertEquals(1, disk.poll());
    }

    @Test
    void closingEndsWhatIsInProgress() throws Exception {
        lab = new Lab(MemoryStore.heap(100), 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        StoreRequest request = new StoreRequest(done -> {});
        byte[] data = Patterns.random(1, 64 * 512);
        ByteBuffer buffer = ByteBuffer.allocate(data.length).put(0, data);
        disk.submit(request.write(0, 64, buffer, 0));
        disk.poll();
        disk.close();
        assertEquals(StoreStatus.UNAVAILABLE, request.status());
        disk.submit(request.read(0, 1, buffer, 0));
        assertEquals(StoreStatus.UNAVAILABLE, request.status());
        assertArrayEquals(data, buffer.array());
    }
}
