// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/** A target that goes away, and what answers for its address afterwards, over one path. */
class ReplacedDiskTest {
    private static final int SECTORS = 2000;
    private static final int WRITE_SECTORS = 400;
    private static final DiskIdentity SAME = new DiskIdentity("lab", 0);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final MemoryStore store = MemoryStore.heap(SECTORS);
    private final Lab lab = new Lab(store, 1500, 16);
    private final byte[] data = Patterns.random(1, WRITE_SECTORS * 512);

    private RemoteDisk connect() throws Exception {
        return lab.connect(DiskSettings.DEFAULTS);
    }

    /** Begins a write, cuts the cable in the middle of it, and mends it after so long. */
    private StoreStatus writeOverAnOutage(RemoteDisk disk, long outageNs, Runnable meanwhile) {
        ByteBuffer buffer = ByteBuffer.allocate(data.length).put(0, data);
        boolean[] ended = new boolean[1];
        StoreRequest write = new StoreRequest(done -> ended[0] = true);
        disk.submit(write.write(0, WRITE_SECTORS, buffer, 0));
        for (int i = 0; i < 10; i++) {
            disk.poll();
            lab.serve();
        }
        assertTrue(!ended[0], "it is not over before the outage");
        lab.cut();
        long startNs = lab.nowNs;
        while (lab.nowNs - startNs < outageNs) {
            disk.poll();
            lab.serve();
        }
        meanwhile.run();
        lab.mend();
        while (!ended[0]) {
            disk.poll();
            lab.serve();
            assertTrue(lab.nowNs - startNs < 100 * SECOND_NS, "the write does not end");
        }
        return write.status();
    }

    private static void assertUntouched(MemoryStore other) {
        int sectors = (int) other.sectors();
        assertArrayEquals(new byte[sectors * 512], new StoreDriver(other).read(0, sectors));
    }

    @ParameterizedTest
    @CsvSource({
        "other, 0, 2000, 100",
        "lab, 7, 2000, 5000",
        "lab, 0, 3000, 2000",
        "lab, 0, 1999, 20000",
        "other, 0, 2000, 29000"
    })
    void anotherDiskAfterAnOutageGetsNothing(String serial, long wwn, int sectors, long outageMs)
            throws Exception {
        RemoteDisk disk = connect();
        MemoryStore other = MemoryStore.heap(sectors);
        StoreStatus status =
                writeOverAnOutage(
                        disk,
                        TimeUnit.MILLISECONDS.toNanos(outageMs),
                        () -> lab.replace(other, new DiskIdentity(serial, wwn)));
        assertEquals(StoreStatus.UNAVAILABLE, status);
        assertUntouched(other);
        String why = disk.failure().orElseThrow();
        assertTrue(why.startsWith("e1.1 is another disk now: "), why);
        assertTrue(why.contains("\"" + serial + "\"") && why.contains(" " + sectors + " "), why);
        assertEquals(StoreStatus.UNAVAILABLE, new StoreDriver(disk, lab::serve).readStatus(0, 1));
    }

    /** Nothing was lost and no second has passed: that it was announced is the only sign. */
    @Test
    void anotherDiskThatIsAnnouncedAtOnceGetsNothing() throws Exception {
        RemoteDisk disk = connect();
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.readStatus(0, 1));
        MemoryStore other = MemoryStore.heap(SECTORS);
        lab.replace(other, new DiskIdentity("other", 0));
        lab.announce();
        assertEquals(StoreStatus.UNAVAILABLE, driver.write(0, new byte[512]));
        assertUntouched(other);
    }

    @ParameterizedTest
    @ValueSource(longs = {10, 100, 3_000, 29_000})
    void theSameDiskAfterAnOutageGetsTheRest(long outageMs) throws Exception {
        RemoteDisk disk = connect();
        StoreStatus status =
                writeOverAnOutage(
                        disk,
                        TimeUnit.MILLISECONDS.toNanos(outageMs),
                        () -> lab.replace(store, SAME));
        assertEquals(StoreStatus.OK, status);
        assertArrayEquals(data, new StoreDriver(store).read(0, WRITE_SECTORS));
        assertTrue(disk.failure().isEmpty());
    }

    @Test
    void afterAnOutageThatOutlastedItsRequestsTheSameDiskIsUsedAgain() throws Exception {
        RemoteDisk disk = connect();
        StoreStatus status = writeOverAnOutage(disk, 45 * SECOND_NS, () -> {});
        assertEquals(StoreStatus.UNAVAILABLE, status);
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.write(0, data));
        assertArrayEquals(data, new StoreDriver(store).read(0, WRITE_SECTORS));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 15, 29, 31, 59})
    void aRequestDuringAnOutageEndsWhenTheTargetWasSilentForTooLong(long afterSeconds)
            throws Exception {
        RemoteDisk disk = connect();
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.readStatus(0, 10));
        lab.cut();
        boolean[] ended = new boolean[1];
        StoreRequest first = new StoreRequest(done -> ended[0] = true);
        disk.submit(first.read(0, 10, ByteBuffer.allocate(10 * 512), 0));
        long startNs = lab.nowNs;
        driver.pollUntil(() -> lab.nowNs - startNs >= afterSeconds * SECOND_NS);
        assertEquals(StoreStatus.UNAVAILABLE, driver.readStatus(0, 10));
        double waited = (double) (lab.nowNs - startNs) / SECOND_NS - afterSeconds;
        boolean longEnough = waited >= 29 || (afterSeconds < 30 && afterSeconds + waited >= 29);
        assertTrue(longEnough && waited < 32, waited + " s");
        assertTrue(ended[0]);
    }

    @Test
    void anotherDiskThatCameWhileNobodyAskedGetsNothing() throws Exception {
        RemoteDisk disk = connect();
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.write(0, data));
        MemoryStore other = MemoryStore.heap(SECTORS);
        lab.replace(other, new DiskIdentity("other", 0));
        lab.nowNs += 2 * SECOND_NS;
        assertEquals(StoreStatus.UNAVAILABLE, driver.write(0, data));
        assertUntouched(other);
    }

    @Test
    void aDiskThatHasGrownWhileNobodyAskedIsTheSame() throws Exception {
        RemoteDisk disk = connect();
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        assertEquals(StoreStatus.OK, driver.write(0, data));
        store.resize(SECTORS + 100);
        lab.nowNs += 2 * SECOND_NS;
        assertEquals(StoreStatus.OK, driver.readStatus(0, 1));
        assertEquals(SECTORS + 100, disk.sectors());
        assertEquals(StoreStatus.OK, driver.readStatus(SECTORS, 100));
    }

    @Test
    void aBusyDiskIsNotAskedAgain() throws Exception {
        RemoteDisk disk = connect();
        StoreDriver driver = new StoreDriver(disk, lab::serve);
        long before = disk.paths().get(0).framesSent();
        for (int i = 0; i < 1000; i++) {
            assertEquals(StoreStatus.OK, driver.readStatus(i, 1));
        }
        assertEquals(before + 1000, disk.paths().get(0).framesSent());
    }
}
