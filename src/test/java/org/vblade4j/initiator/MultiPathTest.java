// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.BlockStoreContract;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/** One disk by two networks, which fail and come back. */
class MultiPathTest {
    private static final long MS = 1_000_000;

    private final MemoryStore medium = MemoryStore.heap(20_000);
    private final TwoLans lab = new TwoLans();

    private RemoteDisk connect() throws Exception {
        lab.add(medium, "one", 1500, 16).add(medium, "one", 1500, 16);
        return lab.connect(DiskSettings.DEFAULTS);
    }

    private static PathReport path(RemoteDisk disk, int index) {
        return disk.paths().get(index);
    }

    private VerifyReport verify(RemoteDisk disk, Runnable idle) {
        return new DiskVerifier(disk, 8, 32, 42, () -> lab.nowNs, idle).run();
    }

    @Nested
    class OverTwoNetworks extends BlockStoreContract {
        private final TwoLans lans = new TwoLans();

        @Override
        protected BlockStore open() throws Exception {
            MemoryStore store = MemoryStore.heap(300);
            lans.add(store, "one", 1500, 4).add(store, "one", 9000, 16);
            return lans.connect(DiskSettings.DEFAULTS);
        }

        @Override
        protected void pass() {
            lans.serve();
        }
    }

    @Test
    void bothPathsCarryAboutTheSame() throws Exception {
        RemoteDisk disk = connect();
        VerifyReport report = verify(disk, lab::serve);
        assertTrue(report.good(), report.toString());
        double share = (double) path(disk, 0).framesSent() / path(disk, 1).framesSent();
        assertTrue(share > 0.8 && share < 1.25, disk.paths().toString());
    }

    @Test
    void nothingIsLostWhenAPathIsCutAndItIsUsedAgainWhenMended() throws Exception {
        RemoteDisk disk = connect();
        int[] steps = new int[1];
        VerifyReport report =
                verify(
                        disk,
                        () -> {
                            if (++steps[0] == 100) {
                                lab.cut(0);
                            }
                            lab.serve();
                        });
        assertTrue(report.good(), report.toString());
        assertEquals(PathState.DOWN, path(disk, 0).state());
        assertEquals(PathState.UP, path(disk, 1).state());
        assertTrue(report.writeNs() + report.readNs() < 2_000 * MS, report.toString());

        lab.mend(0);
        long startNs = lab.nowNs;
        while (path(disk, 0).state() != PathState.UP) {
            disk.poll();
            lab.serve();
            assertTrue(lab.nowNs - startNs < 2_500 * MS, disk.paths().toString());
        }
        long before = path(disk, 0).framesSent();
        assertTrue(verify(disk, lab::serve).good());
        assertTrue(path(disk, 0).framesSent() > before + 1000, disk.paths().toString());
    }

    @Test
    void requestsWaitOutACutOfBothPaths() throws Exception {
        RemoteDisk disk = connect();
        lab.cut(0);
        lab.cut(1);
        long startNs = lab.nowNs;
        StoreDriver driver =
                new StoreDriver(
                        disk,
                        () -> {
                            if (lab.nowNs - startNs > 3_000 * MS) {
                                lab.mend(1);
                            }
                            lab.serve();
                        });
        assertEquals(StoreStatus.OK, driver.readStatus(0, 200));
        assertTrue(lab.nowNs - startNs < 6_000 * MS);
    }

    @Test
    void givesUpWhenBothStayAway() throws Exception {
        RemoteDisk disk = connect();
        lab.cut(0);
        lab.cut(1);
        long startNs = lab.nowNs;
        assertEquals(StoreStatus.UNAVAILABLE, new StoreDriver(disk, lab::serve).readStatus(0, 200));
        long waitedNs = lab.nowNs - startNs;
        assertTrue(waitedNs >= 30_000 * MS && waitedNs < 32_000 * MS, waitedNs + " ns");
    }

    /** Whoever has a request for the disk's thread wakes it, by whatever ports it waits. */
    @Test
    @Timeout(60)
    void anotherThreadEndsItsWait() throws Exception {
        RemoteDisk disk = connect();
        for (int i = 0; i < 3; i++) {
            Thread other = new Thread(disk::wakeUp, "other");
            other.start();
            disk.await(-1);
            other.join();
        }
    }

    @Test
    void aPathToAnotherDiskIsNeverUsed() throws Exception {
        lab.add(medium, "one", 1500, 16).add(MemoryStore.heap(20_000), "two", 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        long foreign = disk.paths().stream().filter(p -> p.state() == PathState.FOREIGN).count();
        assertEquals(1, foreign, disk.paths().toString());
        assertTrue(verify(disk, lab::serve).good());
        for (PathReport path : disk.paths()) {
            assertEquals(path.state() == PathState.UP, path.framesSent() > 1, path.toString());
        }
    }

    @Test
    void aDiskThatWasReplacedWhileBothPathsWereCutGetsNothing() throws Exception {
        RemoteDisk disk = connect();
        MemoryStore other = MemoryStore.heap(20_000);
        long startNs = lab.nowNs;
        lab.cut(0);
        lab.cut(1);
        StoreDriver driver =
                new StoreDriver(
                        disk,
                        () -> {
                            if (lab.nowNs - startNs > 3_000 * MS) {
                                lab.replace(0, other, "two");
                                lab.replace(1, other, "two");
                                lab.mend(0);
                                lab.mend(1);
                            }
                            lab.serve();
                        });
        assertEquals(StoreStatus.UNAVAILABLE, driver.write(0, Patterns.random(1, 200 * 512)));
        assertArrayEquals(new byte[200 * 512], new StoreDriver(other).read(0, 200));
        assertTrue(disk.failure().orElseThrow().contains("\"two\""), disk.failure().toString());
    }

    @Test
    void aDiskOfAnotherSizeIsAnotherDisk() throws Exception {
        lab.add(medium, "one", 1500, 16).add(MemoryStore.heap(500), "one", 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        assertEquals(1, disk.paths().stream().filter(p -> p.state() == PathState.FOREIGN).count());
    }

    @Test
    void framesFitTheNarrowestPathSoThatAnyCanTakeThem() throws Exception {
        lab.add(medium, "one", 9000, 16).add(medium, "one", 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        lab.cut(0);
        assertEquals(StoreStatus.OK, new StoreDriver(disk, lab::serve).readStatus(0, 400));
        assertTrue(path(disk, 0).timeouts() > 0, disk.paths().toString());
    }

    @Test
    void networksThatLoseRepeatReorderAndBreakKeepWhatWasWritten() throws Exception {
        for (long seed = 0; seed < 60; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            TwoLans lans = new TwoLans();
            MemoryStore store = MemoryStore.heap(3_000);
            lans.add(store, "one", 1500 + random.nextInt(4000), 1 + random.nextInt(20));
            lans.add(store, "one", 1500 + random.nextInt(4000), 1 + random.nextInt(20));
            RemoteDisk disk = lans.connect(new DiskSettings(32, 2 * MS, 100 * MS, 60_000 * MS));
            Runnable idle =
                    () -> {
                        if (random.nextInt(200) == 0) {
                            double loss = random.nextInt(4) == 0 ? 1 : random.nextDouble(0.2);
                            lans.lans
                                    .get(random.nextInt(2))
                                    .changeFaults(
                                            new LanFaults(loss, 0.1, 0, 0, random.nextLong()));
                        }
                        lans.serve();
                    };
            VerifyReport report = new DiskVerifier(disk, 6, 9, seed, () -> lans.nowNs, idle).run();
            assertTrue(report.good(), "seed " + seed + ": " + report + " " + disk.paths());
        }
    }

    @Test
    void requestsOverTwoPathsAllocateNothing() throws Exception {
        lab.add(MemoryStore.direct(1024), "one", 1500, 16);
        lab.add(MemoryStore.direct(1024), "one", 1500, 16);
        RemoteDisk disk = lab.connect(DiskSettings.DEFAULTS);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8 * 512);
        int[] ended = new int[1];
        StoreRequest request = new StoreRequest(done -> ended[0]++);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        read(disk, request, buffer, ended, 5000);
        long before = threads.getCurrentThreadAllocatedBytes();
        read(disk, request, buffer, ended, 5000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertEquals(0, allocated / 5000, "bytes a request, " + allocated + " in all");
    }

    private void read(
            RemoteDisk disk, StoreRequest request, ByteBuffer buffer, int[] ended, int count) {
        for (int i = 0; i < count; i++) {
            ended[0] = 0;
            disk.submit(request.read(i % 1000, 8, buffer, 0));
            while (ended[0] == 0) {
                disk.poll();
                lab.serve();
            }
            assertEquals(StoreStatus.OK, request.status());
        }
    }
}
