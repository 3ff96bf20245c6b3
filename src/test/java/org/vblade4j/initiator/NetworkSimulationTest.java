// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.vblade4j.net.PortException;
import org.vblade4j.net.memory.LanFaults;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

/**
 * Initiator and target over networks that lose, repeat and reorder, and disks that reorder too,
 * against an array. A seed that fails is in the message and alone repeats the failure.
 *
 * <p>A sector is written once a round and late frames are let out between rounds: no AoE initiator
 * can keep a repeated write that is still on its way from landing on a newer one.
 */
class NetworkSimulationTest {
    private static final int SEEDS = 400;
    private static final int SECTORS = 256;
    private static final int ROUNDS = 4;
    private static final int POLL_LIMIT = 1_000_000;
    private static final int[] MTUS = {1500, 2600, 4200, 9000};

    @Test
    void whatIsWrittenIsReadOverAnyNetwork() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                new Run(seed).run();
            } catch (AssertionError | PortException | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class Run {
        private final SplittableRandom random;
        private final byte[] model = new byte[SECTORS * 512];
        private final MemoryStore medium = MemoryStore.heap(SECTORS);
        private final Lab lab;
        private final RemoteDisk disk;
        private int ended;

        Run(long seed) throws PortException {
            random = new SplittableRandom(seed);
            StoreFaults slow =
                    new StoreFaults(seed, 0, StoreStatus.OK, 1 + random.nextLong(3_000_000));
            FaultyStore store = new FaultyStore(medium, slow, () -> now());
            lab = new Lab(store, MTUS[random.nextInt(MTUS.length)], 1 + random.nextInt(24));
            int window = 1 + random.nextInt(40);
            disk = lab.connect(new DiskSettings(window, 2_000_000, 100_000_000, 60_000_000_000L));
        }

        private long now() {
            return lab.nowNs;
        }

        void run() throws PortException {
            for (int round = 0; round < ROUNDS; round++) {
                lab.lan.changeFaults(
                        new LanFaults(
                                random.nextDouble(0.25),
                                random.nextDouble(0.2),
                                random.nextDouble(0.2),
                                0,
                                random.nextLong()));
                round();
                lab.calm();
            }
            assertArrayEquals(model, new StoreDriver(medium).read(0, SECTORS), "the medium");
            assertArrayEquals(model, new StoreDriver(disk, lab::serve).read(0, SECTORS));
        }

        private void round() {
            List<Job> jobs = new ArrayList<>();
            for (int lba = 0; lba < SECTORS; ) {
                int sectors = Math.min(SECTORS - lba, 1 + random.nextInt(24));
                jobs.add(new Job(lba, sectors, random.nextBoolean()));
                lba += sectors;
            }
            ended = 0;
            for (Job job : jobs) {
                job.submit();
            }
            for (int polls = 0; ended < jobs.size(); polls++) {
                assertTrue(polls < POLL_LIMIT, () -> jobs.size() - ended + " requests hang");
                disk.poll();
                lab.serve();
            }
            jobs.forEach(Job::check);
        }

        private final class Job {
            private final int lba;
            private final int sectors;
            private final boolean write;
            private final byte[] data;
            private final StoreRequest request = new StoreRequest(done -> ended++);
            private final ByteBuffer buffer;

            Job(int lba, int sectors, boolean write) {
                this.lba = lba;
                this.sectors = sectors;
                this.write = write;
                data = write ? Patterns.random(random.nextLong(), sectors * 512) : expected();
                buffer = ByteBuffer.allocate(sectors * 512);
            }

            private byte[] expected() {
                return Arrays.copyOfRange(model, lba * 512, (lba + sectors) * 512);
            }

            void submit() {
                if (write) {
                    buffer.put(0, data);
                    System.arraycopy(data, 0, model, lba * 512, data.length);
                    disk.submit(request.write(lba, sectors, buffer, 0));
                } else {
                    disk.submit(request.read(lba, sectors, buffer, 0));
                }
            }

            void check() {
                assertEquals(StoreStatus.OK, request.status());
                assertArrayEquals(data, buffer.array(), sectors + " sectors at " + lba);
            }
        }
    }
}
