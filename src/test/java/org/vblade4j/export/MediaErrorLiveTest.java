// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.initiator.Discovery;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.store.FuseFile;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.VolatileDisk;

/**
 * A medium of which a part fails with EIO, under load, behind the real kernel: what needs that part
 * is an ATA error at once, all else is served, and when the medium is whole again so is the disk.
 */
class MediaErrorLiveTest extends LossLab {
    private static final int EXTENT = 8;
    private static final int EXTENTS = 128;
    private static final int BAD = 9;
    private static final int REQUESTS = 3000;
    private static final int DEPTH = 16;

    private final VolatileDisk medium = new VolatileDisk(EXTENTS * EXTENT);
    private final byte[] written = new byte[EXTENTS];
    private final boolean[] busy = new boolean[EXTENTS];
    private final Map<StoreStatus, Integer> outcomes = new EnumMap<>(StoreStatus.class);
    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private FuseFile fuse;
    private EthernetPort port;
    private RemoteDisk disk;
    private int started;
    private boolean broken;

    @BeforeEach
    void mount() throws Exception {
        fuse = FuseFile.mount(medium, Files.createDirectory(directory.resolve("mount")));
    }

    @AfterEach
    void unmount() throws Exception {
        if (port != null) {
            disk.close();
            port.close();
        }
        stop();
        fuse.close();
    }

    private void open(boolean direct, boolean synced) throws Exception {
        start(fuse.path(), new ExportOptions(64, direct, synced, false, List.of(), 0, 0));
        port = client();
        Discovery discovery = new Discovery(port, System::nanoTime);
        long patienceNs = TimeUnit.SECONDS.toNanos(5);
        disk =
                RemoteDisk.open(
                        port, discovery.find(ADDRESS, patienceNs).get(0), DiskSettings.DEFAULTS);
    }

    private final class Job {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(EXTENT * 512);
        final StoreRequest request = new StoreRequest(done -> ended());
        int extent;
        byte value;
        boolean running;

        /** One in eight goes to the bad part, and many to its neighbours, to be merged with it. */
        void start() {
            extent = random.nextInt(8) == 0 ? BAD : random.nextInt(2 * BAD + 1);
            if (busy[extent]) {
                return;
            }
            busy[extent] = true;
            running = true;
            started++;
            long lba = (long) extent * EXTENT;
            if (random.nextBoolean()) {
                value = (byte) random.nextInt(256);
                byte[] data = new byte[EXTENT * 512];
                Arrays.fill(data, value);
                disk.submit(request.write(lba, EXTENT, buffer.put(0, data), 0));
            } else {
                disk.submit(request.read(lba, EXTENT, buffer, 0));
            }
        }

        private void ended() {
            running = false;
            busy[extent] = false;
            StoreStatus expected =
                    broken && extent == BAD ? StoreStatus.MEDIA_ERROR : StoreStatus.OK;
            assertEquals(
                    expected,
                    request.status(),
                    () -> request.op() + " of extent " + extent + ", seed " + seed);
            outcomes.merge(request.status(), 1, Integer::sum);
            if (expected != StoreStatus.OK) {
                return;
            }
            if (request.op() == StoreRequest.Op.WRITE) {
                written[extent] = value;
            } else {
                for (int i = 0; i < buffer.capacity(); i++) {
                    assertEquals(written[extent], buffer.get(i), "extent " + extent + " " + seed);
                }
            }
        }
    }

    private void load(int requests) {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < DEPTH; i++) {
            jobs.add(new Job());
        }
        started = 0;
        while (started < requests || jobs.stream().anyMatch(job -> job.running)) {
            for (Job job : jobs) {
                if (started < requests && !job.running) {
                    job.start();
                }
            }
            if (disk.poll() == 0) {
                disk.await(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    /** So that reads meet the bad part too. */
    private void forgetCached() {
        network.run(List.of("dd", "if=" + fuse.path(), "iflag=nocache", "count=0"));
    }

    private StoreStatus run(StoreRequest request, boolean[] done) {
        disk.submit(request);
        while (!done[0]) {
            disk.poll();
            disk.await(TimeUnit.MILLISECONDS.toNanos(10));
        }
        return request.status();
    }

    private StoreStatus flush() {
        boolean[] done = {false};
        return run(new StoreRequest(ended -> done[0] = true).flush(), done);
    }

    private StoreStatus write(int extent) {
        boolean[] done = {false};
        ByteBuffer data = ByteBuffer.allocateDirect(EXTENT * 512);
        StoreRequest request = new StoreRequest(ended -> done[0] = true);
        return run(request.write((long) extent * EXTENT, EXTENT, data, 0), done);
    }

    @ParameterizedTest(name = "direct {0}, synced {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    void onlyWhatNeedsTheBadPartFails(boolean direct, boolean synced, TestReporter reporter)
            throws Exception {
        open(direct, synced);
        load(REQUESTS / 10);
        assertEquals(StoreStatus.OK, flush());
        medium.breakSectors(BAD * EXTENT, (BAD + 1) * EXTENT);
        forgetCached();
        broken = true;
        load(REQUESTS);
        reporter.publishEntry("while a part was bad", outcomes + ", seed " + seed);
        assertTrue(outcomes.get(StoreStatus.MEDIA_ERROR) > REQUESTS / 50, outcomes.toString());
        medium.breakSectors(0, 0);
        broken = false;
        load(REQUESTS / 10);
        Counters counters = export.status().orElseThrow().counters();
        assertEquals(0, counters.value(Counter.STALLED_DROPS));
        assertEquals(0, counters.value(Counter.PROTOCOL_ERRORS), "on which Linux would hang");
        assertTrue(counters.value(Counter.STORE_ERRORS) > 0);
    }

    @ParameterizedTest(name = "direct {0}")
    @CsvSource({"false", "true"})
    void aSyncThatFailsFailsTheWriteAndAFlush(boolean direct) throws Exception {
        open(direct, true);
        assertEquals(StoreStatus.OK, write(3));
        medium.failSyncs(true);
        assertEquals(StoreStatus.MEDIA_ERROR, write(3), "no answer says that it is durable");
        assertEquals(StoreStatus.MEDIA_ERROR, flush());
        medium.failSyncs(false);
        assertEquals(StoreStatus.OK, write(3));
        assertEquals(StoreStatus.OK, flush());
    }
}
