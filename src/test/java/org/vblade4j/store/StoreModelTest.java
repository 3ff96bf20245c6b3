// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.vblade4j.store.engine.ShuffledEngine;
import org.vblade4j.sys.Linux;

/**
 * Whatever order a disk runs operations in, and whatever is merged, split, rounded to blocks or
 * done again: a read gives what was there, and a write changes its own sectors and no others. The
 * test keeps overlapping requests apart, as the store's callers must.
 */
class StoreModelTest {
    private static final int SECTORS = 61;
    private static final int STEPS = 400;

    private static final class Flight {
        final StoreRequest request;
        final ByteBuffer buffer = ByteBuffer.allocateDirect(8 * 512);
        byte[] expected;
        boolean flying;

        Flight(int[] landed) {
            request =
                    new StoreRequest(
                            done -> {
                                flying = false;
                                landed[0]++;
                            });
        }

        boolean conflicts(boolean write, int lba, int sectors) {
            boolean writes = write || request.op() == StoreRequest.Op.WRITE;
            return flying
                    && writes
                    && request.op() != StoreRequest.Op.FLUSH
                    && lba < request.lba() + request.sectors()
                    && request.lba() < lba + sectors;
        }

        void check() {
            assertEquals(StoreStatus.OK, request.status());
            if (request.op() == StoreRequest.Op.READ) {
                byte[] read = new byte[expected.length];
                buffer.get(0, read);
                assertArrayEquals(expected, read, "read at " + request.lba());
            }
        }
    }

    private int trueBlockBytes = 1;
    private int refusesOneOf = 1;
    private final int[] landed = new int[1];
    private final byte[] model = new byte[SECTORS * 512];
    private final List<Flight> flights = new ArrayList<>();
    private ShuffledEngine engine;
    private Path image;

    private FileStore open(Random random, int blockBytes, boolean synced, int depth, boolean faults)
            throws IOException {
        image = Disks.image(Disks.directory(), SECTORS * 512L);
        boolean direct = blockBytes > 0;
        DeviceKind kind = DeviceKind.REGULAR_FILE;
        DiskFile file =
                DiskFile.open(image, kind, false, direct ? Linux.O_DIRECT : 0, Platform.SYSTEM);
        DiskFile tail =
                direct ? DiskFile.open(image, kind, false, Linux.O_DSYNC, Platform.SYSTEM) : null;
        DirectBlocks blocks = direct ? new DirectBlocks(blockBytes) : null;
        engine = new ShuffledEngine(random, faults, file.fd(), direct ? tail.fd() : -1);
        engine.blockBytes = trueBlockBytes;
        engine.refusesOneOf = refusesOneOf;
        StoreTraits traits = new StoreTraits(false, false, synced, !direct, 512, engine.label());
        return new FileStore(file, tail, blocks, engine, depth, traits);
    }

    @Property(tries = 100)
    void throughThePageCache(@ForAll long seed) throws IOException {
        fly(seed, 0, false);
    }

    @Property(tries = 30)
    void durable(@ForAll long seed) throws IOException {
        fly(seed, 0, true);
    }

    @Property(tries = 60)
    void direct(@ForAll long seed) throws IOException {
        fly(seed, 512, false);
    }

    @Property(tries = 100)
    void directWithBlocksLargerThanRequests(@ForAll long seed) throws IOException {
        fly(seed, 4096, seed % 4 == 0);
    }

    /** The kernel takes 4096 only, and the store has to find out while many requests run. */
    @Property(tries = 100)
    void directWhereOnlyTryingTellsTheBlockSize(@ForAll long seed) throws IOException {
        trueBlockBytes = 4096;
        fly(seed, 512, seed % 4 == 0);
    }

    /** Some runs come to be done in larger blocks than others that are in the kernel meanwhile. */
    @Property(tries = 200)
    void directWhereSmallBlocksAreRefusedNowAndThen(@ForAll long seed) throws IOException {
        trueBlockBytes = 4096;
        refusesOneOf = 40;
        fly(seed, 512, seed % 4 == 0);
    }

    private void fly(long seed, int blockBytes, boolean synced) throws IOException {
        Random random = new Random(seed);
        Arrays.fill(model, (byte) 0); // one object serves all tries
        flights.clear();
        try (FileStore store = open(random, blockBytes, synced, 1 + random.nextInt(12), true)) {
            for (int i = 0; i < 24; i++) {
                flights.add(new Flight(landed));
            }
            for (int step = 0; step < STEPS; step++) {
                if (random.nextInt(4) > 0) {
                    submit(store, random);
                } else {
                    land(store);
                }
            }
            long startNs = System.nanoTime();
            while (flights.stream().anyMatch(f -> f.flying)) {
                land(store);
                assertTrue(System.nanoTime() - startNs < 10_000_000_000L, "all end");
            }
        }
        assertArrayEquals(model, Files.readAllBytes(image));
        Files.delete(image);
    }

    private void submit(FileStore store, Random random) {
        Flight flight = flights.get(random.nextInt(flights.size()));
        if (flight.flying) {
            return;
        }
        boolean write = random.nextBoolean();
        int sectors = 1 + random.nextInt(random.nextInt(5) == 0 ? 8 : 2);
        int lba = random.nextInt(SECTORS - sectors + 1);
        if (flights.stream().anyMatch(f -> f.conflicts(write, lba, sectors))) {
            return;
        }
        flight.flying = true;
        if (random.nextInt(20) == 0) {
            store.submit(flight.request.flush());
        } else if (write) {
            byte[] data = new byte[sectors * 512];
            random.nextBytes(data);
            flight.buffer.put(0, data);
            System.arraycopy(data, 0, model, lba * 512, data.length);
            store.submit(flight.request.write(lba, sectors, flight.buffer, 0));
        } else {
            flight.expected = new byte[sectors * 512];
            System.arraycopy(model, lba * 512, flight.expected, 0, sectors * 512);
            store.submit(flight.request.read(lba, sectors, flight.buffer, 0));
        }
    }

    private void land(FileStore store) {
        boolean[] before = new boolean[flights.size()];
        for (int i = 0; i < before.length; i++) {
            before[i] = flights.get(i).flying;
        }
        store.kick();
        store.poll();
        for (int i = 0; i < before.length; i++) {
            if (before[i] && !flights.get(i).flying) {
                flights.get(i).check();
            }
        }
    }

    @Example
    void adjacentRequestsOfABatchBecomeOneOperation() throws IOException {
        try (FileStore store = open(new Random(1), 0, false, 8, false)) {
            engine.hold();
            for (int i = 0; i < 20; i++) {
                Flight flight = new Flight(landed);
                store.submit(flight.request.read(2L * i, 2, flight.buffer, 0));
            }
            store.kick();
            assertEquals(1, engine.inProgress());
            assertEquals(1, engine.vectored);
            engine.release();
            while (landed[0] < 20) {
                store.poll();
            }
        }
    }

    @Example
    void aRequestThatHangsDelaysNoOther() throws IOException {
        try (FileStore store = open(new Random(2), 0, false, 8, false)) {
            engine.hold();
            Flight slow = new Flight(landed);
            store.submit(slow.request.read(40, 2, slow.buffer, 0));
            store.kick();
            StoreDriver driver = new StoreDriver(store);
            assertEquals(StoreStatus.OK, driver.write(0, Patterns.random(1, 1024)));
            assertEquals(1, engine.inProgress());
            Flight other = new Flight(landed);
            store.submit(other.request.read(10, 2, other.buffer, 0));
            store.kick();
            assertEquals(2, engine.most, "both are in progress");
            engine.release();
            while (landed[0] < 2) {
                store.poll();
            }
        }
    }

    @Example
    void partsOfOneBlockAreWrittenOneAfterTheOtherAndOtherBlocksMeanwhile() throws IOException {
        try (FileStore store = open(new Random(3), 4096, false, 8, false)) {
            engine.hold();
            for (int lba : new int[] {0, 4, 8, 20}) {
                Flight flight = new Flight(landed);
                store.submit(flight.request.write(lba, 2, flight.buffer, 0));
            }
            store.kick();
            assertEquals(3, engine.inProgress(), "sectors 4 and 5 wait for 0 and 1");
            engine.release();
            while (landed[0] < 4) {
                store.poll();
            }
        }
    }
}
