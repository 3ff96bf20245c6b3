// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreRequest;

/** What changes while an export serves, and what it waits for. */
class ExportChangesTest extends ExportLab {
    @Test
    void anotherRingTakesAnotherPortAndServingGoesOn() throws Exception {
        List<Integer> rings = new CopyOnWriteArrayList<>();
        MemoryStore store = MemoryStore.heap(64);
        export =
                Export.start(
                        spec("a", 1, Path.of("/dev/a")),
                        spec -> store,
                        (options, counters) -> {
                            if (options.accept() == PortOptions.Accept.REQUESTS) {
                                rings.add(options.receiveFrames());
                            }
                            return lan.connect(options, 0x02_00_00_00_01_01L, 1500, counters);
                        },
                        100,
                        listener);
        assertTrue(export.awaitStarted(PATIENCE));
        assertNotNull(client.query(ADDRESS));
        export.apply(new PortSettings(PortKind.RING, 300, 7));
        client.announcement(PATIENCE.toNanos());
        while (rings.size() < 2 || export.status().orElseThrow().spinUs() != 7) {
            client.query(ADDRESS, SILENCE_NS);
        }
        assertEquals(List.of(100, 300), rings);
        export.apply(new PortSettings(PortKind.RING, 0, 7));
        while (rings.size() < 3) {
            client.query(ADDRESS, SILENCE_NS);
        }
        assertEquals(512, rings.get(2), "eight for each of 64 buffers");
        assertNotNull(client.query(ADDRESS));
    }

    @Test
    void drainingWaitsForTheStoreAndNotForThePort() throws Exception {
        AtomicInteger looks = new AtomicInteger(Integer.MIN_VALUE);
        List<StoreRequest> held = new CopyOnWriteArrayList<>();
        start(
                new Wrapped() {
                    @Override
                    public void submit(StoreRequest request) {
                        if (request.op() == StoreRequest.Op.READ) {
                            held.add(request);
                        } else {
                            super.submit(request);
                        }
                    }

                    @Override
                    public int poll() {
                        if (looks.incrementAndGet() != 30) {
                            return 0;
                        }
                        held.forEach(next::submit);
                        return held.size();
                    }
                });
        assertNull(client.read(ADDRESS, 0, 1, SILENCE_NS));
        export.stop();
        looks.set(0);
        long startNs = System.nanoTime();
        while (!export.awaitEnded(Duration.ofMillis(1))) {
            client.send(ADDRESS, 0, 1); // it need not take it in, but it lies there
        }
        long perLookNs = (System.nanoTime() - startNs) / 30;
        assertTrue(perLookNs > 900_000, () -> "a look each " + perLookNs + " ns");
    }

    @Test
    void portThatCannotBeOpenedAnewIsShownAndHealedByOtherSettings() throws Exception {
        int refusedFrom = 1000;
        MemoryStore store = MemoryStore.heap(64);
        export =
                Export.start(
                        spec("a", 1, Path.of("/dev/a")),
                        spec -> store,
                        (options, counters) -> {
                            if (options.receiveFrames() >= refusedFrom) {
                                throw new PortException("lan: no memory for so many frames");
                            }
                            return lan.connect(options, 0x02_00_00_00_01_01L, 1500, counters);
                        },
                        100,
                        listener);
        assertTrue(export.awaitStarted(PATIENCE));
        export.apply(new PortSettings(PortKind.RING, 2 * refusedFrom, 50));
        await(() -> !waitingFor().isEmpty());
        assertEquals("interface lan: no memory for so many frames", waitingFor());
        assertNull(client.query(ADDRESS, SILENCE_NS));
        export.apply(new PortSettings(PortKind.RING, 200, 50));
        await(() -> waitingFor().isEmpty());
        assertNotNull(client.query(ADDRESS));
    }

    @Test
    void threadsAreThoseOfTheMomentTheStatusIsRead() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        start(
                new Wrapped() {
                    @Override
                    public void submit(StoreRequest request) {
                        Thread more = new Thread(() -> awaitQuietly(over));
                        more.setDaemon(true);
                        more.start();
                        super.submit(request);
                    }
                });
        assertEquals(1, export.status().orElseThrow().threads());
        assertNotNull(client.read(ADDRESS, 0, 1));
        assertEquals(2, export.status().orElseThrow().threads());
        over.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void changedSizeIsPublished() throws Exception {
        long[] sectors = {64};
        Wrapped growing =
                new Wrapped() {
                    @Override
                    public long sectors() {
                        synchronized (sectors) {
                            return sectors[0];
                        }
                    }
                };
        start(growing);
        assertNotNull(client.announcement(PATIENCE.toNanos()));
        synchronized (sectors) {
            sectors[0] = 128;
        }
        assertNotNull(client.announcement(PATIENCE.toNanos()), "announced again");
        assertNotNull(client.query(ADDRESS));
        await(() -> export.status().orElseThrow().sectors() == 128); // the next tick shows it
    }
}
