// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.store.engine.Engines;
import org.vblade4j.store.engine.ShuffledEngine;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;

/** A device that is pulled out, or whose medium is: for the kernel it is one without a size. */
@Tag("live")
@Timeout(60)
class AbsentDeviceLiveTest {
    private static final int SECTORS = 1024;
    private static final int TIMES = 100;
    private static final String MEDIUM = "src/test/soak/medium";

    private long nowNs;
    private final Platform platform = new Platform(FileCalls.LIBC, Engines::open, () -> nowNs);
    private Path image;
    private Path device;

    @BeforeEach
    void attach() throws Exception {
        image = Disks.image(Disks.directory(), SECTORS * 512L);
        device = Path.of(Disks.run("losetup", "--find", "--show", image.toString()));
    }

    @AfterEach
    void detach() throws Exception {
        Disks.run("losetup", "--detach", device.toString());
    }

    private void resize(int sectors) {
        try {
            Disks.resize(image, sectors * 512L);
            Disks.run("losetup", "--set-capacity", device.toString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "100, 0", "100, 200"})
    void itKeepsItsSizeAndEveryRequestFindsItUnavailable(long offset, long length)
            throws Exception {
        StoreOptions options = new StoreOptions(false, false, false, offset, length);
        try (BlockStore store = Stores.open(device, options)) {
            StoreDriver driver = new StoreDriver(store);
            long sectors = store.sectors();
            assertEquals(StoreStatus.OK, driver.readStatus(0, 8));
            assertFalse(store.absent());
            resize(0);
            assertEquals(StoreStatus.UNAVAILABLE, driver.readStatus(64, 8));
            assertTrue(store.absent());
            assertEquals(sectors, store.sectors());
            assertEquals(StoreStatus.UNAVAILABLE, driver.write(sectors - 1, new byte[512]));
            resize(SECTORS);
            assertEquals(StoreStatus.OK, driver.write(sectors - 1, new byte[512]));
            assertFalse(store.absent());
        }
    }

    /** Nobody has asked anything when the size is looked at. */
    @Test
    void aLookAtTheSizeTellsBeforeAnyRequestDoes() throws Exception {
        StoreOptions options = StoreOptions.DEFAULTS;
        try (BlockStore store =
                FileStores.open(device, DeviceKind.BLOCK_DEVICE, options, platform)) {
            resize(0);
            assertEquals(SECTORS, store.sectors());
            nowNs += DiskFile.REFRESH_NS;
            assertEquals(SECTORS, store.sectors(), "a host must not see it shrink to nothing");
            assertTrue(store.absent());
        }
    }

    @Test
    void aDeviceThatEndsBeforeTheWindowIsShortAndNotAbsent() throws Exception {
        StoreOptions options = new StoreOptions(false, false, false, 512, 0);
        try (BlockStore store = Stores.open(device, options)) {
            StoreDriver driver = new StoreDriver(store);
            resize(256);
            assertEquals(StoreStatus.OUT_OF_RANGE, driver.write(0, new byte[512]));
            assertEquals(0, store.sectors());
            assertFalse(store.absent());
            resize(SECTORS);
            assertEquals(StoreStatus.OK, driver.write(0, new byte[512]));
        }
    }

    /** A write that is under way moves the end that lseek(2) sees. */
    @Test
    void writesFindItThereOrAwayWhileItComesAndGoes() throws Exception {
        String medium = Path.of(System.getProperty("vblade4j.basedir", "."), MEDIUM).toString();
        FutureTask<Void> coming =
                new FutureTask<>(
                        () -> {
                            for (int i = 0; i < 2 * TIMES; i++) {
                                String where = i % 2 == 0 ? "out" : "in";
                                Disks.run(medium, where, device.toString());
                            }
                            return null;
                        });
        Map<StoreStatus, Integer> outcomes = new EnumMap<>(StoreStatus.class);
        try (BlockStore store = Stores.open(device, StoreOptions.DEFAULTS)) {
            StoreDriver driver = new StoreDriver(store);
            new Thread(coming, "medium").start();
            for (int lba = 0; !coming.isDone(); lba = (lba + 131) % (SECTORS - 64)) {
                outcomes.merge(driver.write(lba, new byte[64 * 512]), 1, Integer::sum);
                assertEquals(SECTORS, store.sectors());
            }
            coming.get();
        }
        assertEquals(Set.of(StoreStatus.OK, StoreStatus.UNAVAILABLE), outcomes.keySet());
    }

    /** EIO of the sync means the device is gone, not that the medium is bad. */
    @Test
    void aSyncThatItsRemovalFailsIsUnavailable() throws Exception {
        DiskFile file = DiskFile.open(device, DeviceKind.BLOCK_DEVICE, false, 0, Platform.SYSTEM);
        ShuffledEngine engine = new ShuffledEngine(new Random(1), false, file.fd());
        StoreTraits traits = new StoreTraits(false, false, true, true, 512, engine.label());
        try (FileStore store = new FileStore(file, null, null, engine, 8, traits)) {
            StoreDriver driver = new StoreDriver(store);
            engine.syncErrno = Errno.EIO;
            assertEquals(StoreStatus.MEDIA_ERROR, driver.write(0, new byte[512]));
            engine.hold();
            List<StoreStatus> ended = new ArrayList<>();
            StoreRequest write = new StoreRequest(done -> ended.add(done.status()));
            store.submit(write.write(0, 1, ByteBuffer.allocateDirect(512), 0));
            store.kick(); // it is written, and its sync under way
            resize(0);
            engine.release();
            driver.pollUntil(() -> !ended.isEmpty());
            assertEquals(List.of(StoreStatus.UNAVAILABLE), ended);
        }
    }
}
