// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.config.PortKind;
import org.vblade4j.config.PortSettings;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.StoreOptions;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.store.StoreTraits;
import org.vblade4j.store.Stores;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AtaFrame;

@Timeout(60)
class ExportTest {
    private static final long CLIENT_MAC = 0x02_00_00_00_00_0aL;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long SILENCE_NS = 200_000_000L;
    private static final AoeAddress ADDRESS = new AoeAddress(0, 1);

    @TempDir Path directory;
    private final MemoryLan lan = new MemoryLan();
    private final LanClient client =
            new LanClient(
                    lan.connect(
                            PortOptions.forInitiator("lan", 64, 64),
                            CLIENT_MAC,
                            1500,
                            new Counters()));
    private final LinkedBlockingQueue<String> events = new LinkedBlockingQueue<>();
    private Export export;

    private final Export.Listener listener =
            new Export.Listener() {
                @Override
                public void started(Export started) {
                    events.add("started on " + Thread.currentThread().getName());
                }

                @Override
                public void ended(Export ended, Throwable cause) {
                    events.add(cause == null ? "ended" : "ended by " + cause.getMessage());
                }
            };

    /** Does what the next one does, until told otherwise. */
    private static class Wrapped implements BlockStore {
        final MemoryStore next = MemoryStore.heap(64);
        volatile String closedBy = "";

        @Override
        public long sectors() {
            return next.sectors();
        }

        @Override
        public StoreTraits traits() {
            return next.traits();
        }

        @Override
        public void submit(StoreRequest request) {
            next.submit(request);
        }

        @Override
        public void close() throws IOException {
            closedBy = Thread.currentThread().getName();
        }
    }

    private static ExportSpec spec(String name, int slot, Path device) {
        return new ExportSpec(
                name,
                new AoeAddress(0, slot),
                "lan",
                device,
                ExportOptions.DEFAULTS,
                new Origin("test", 1));
    }

    private Export start(ExportSpec spec, StoreOpener stores) {
        long mac = 0x02_00_00_00_01_00L + spec.address().slot();
        return Export.start(
                spec,
                stores,
                (options, counters) -> lan.connect(options, mac, 1500, counters),
                64,
                listener);
    }

    private Export start(BlockStore store) throws InterruptedException {
        export = start(spec("a", 1, Path.of("/dev/a")), spec -> store);
        assertTrue(export.awaitStarted(PATIENCE));
        return export;
    }

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

    @AfterEach
    void stop() throws InterruptedException {
        if (export != null) {
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
        }
    }

    /** The first use of the C library starts a thread of JNA's, in the group it is called from. */
    @BeforeAll
    static void loadTheLibrary(@TempDir Path other) throws IOException {
        Path file = Files.write(other.resolve("disk"), new byte[512]);
        Stores.open(file, StoreOptions.DEFAULTS).close();
    }

    @Test
    void fileIsServedUntilStoppedAndNothingAnswersAfter() throws Exception {
        Path file = directory.resolve("disk");
        Files.write(file, new byte[64 * 512]);
        export = start(spec("a", 1, file), StoreOpener::device);
        assertTrue(export.awaitStarted(PATIENCE));
        assertNotNull(client.announcement(PATIENCE.toNanos()));
        assertNotNull(client.query(ADDRESS));
        byte[] data = new byte[1024];
        Arrays.fill(data, (byte) 0x5a);
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 5, data));
        assertArrayEquals(data, client.read(ADDRESS, 5, 2));
        ExportStatus status = export.status().orElseThrow();
        assertEquals(64, status.sectors());
        assertEquals("O_RDWR", status.openMode());
        assertEquals(1500, status.mtuBytes());
        assertEquals(1, status.threads());
        assertEquals(1, status.counters().value(Counter.WRITES));

        export.stop();
        assertTrue(export.awaitEnded(PATIENCE));
        assertTrue(export.failure().isEmpty());
        assertEquals(
                List.of("started on export:a/0", "ended"), List.of(events.take(), events.take()));
        assertNull(client.query(ADDRESS, SILENCE_NS));
        assertArrayEquals(data, Arrays.copyOfRange(Files.readAllBytes(file), 5 * 512, 7 * 512));
    }

    @Test
    void missingDeviceEndsTheStartWithItsReason() throws Exception {
        Path missing = directory.resolve("nix");
        export = start(spec("a", 1, missing), StoreOpener::device);
        assertFalse(export.awaitStarted(PATIENCE));
        String event = events.take();
        assertTrue(event.contains(missing + ": no such file"), event);
        assertTrue(export.failure().orElseThrow() instanceof IOException);
        assertTrue(export.status().isEmpty());
    }

    @Test
    void portThatDoesNotOpenClosesTheStoreToo() throws Exception {
        Wrapped store = new Wrapped();
        export =
                Export.start(
                        spec("a", 1, Path.of("/dev/a")),
                        spec -> store,
                        (options, counters) -> {
                            throw new PortException("eth9: no such interface");
                        },
                        64,
                        listener);
        assertFalse(export.awaitStarted(PATIENCE));
        assertEquals("ended by eth9: no such interface", events.take());
        assertEquals("export:a/0", store.closedBy);
    }

    static Stream<Throwable> throwables() {
        return Stream.of(
                new AssertionError("bug"),
                new StackOverflowError("deep"),
                new OutOfMemoryError("full"),
                new IllegalStateException("wrong"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void whateverIsThrownEndsThisExportOnly(Throwable thrown) throws Exception {
        Wrapped broken =
                new Wrapped() {
                    @Override
                    public void submit(StoreRequest request) {
                        if (thrown instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) thrown;
                    }
                };
        start(broken);
        events.take();
        Export other = start(spec("b", 2, Path.of("/dev/b")), spec -> new Wrapped());
        try {
            assertTrue(other.awaitStarted(PATIENCE));
            assertNull(client.read(ADDRESS, 0, 1, SILENCE_NS));
            assertTrue(export.awaitEnded(PATIENCE));
            assertEquals(thrown, export.failure().orElseThrow());
            assertEquals("export:a/0", broken.closedBy);
            assertNull(client.query(ADDRESS, SILENCE_NS));
            assertEquals(512, client.read(other.spec().address(), 0, 1).length);
        } finally {
            other.stop();
            assertTrue(other.awaitEnded(PATIENCE));
        }
    }

    @Test
    void stopDuringASlowOpenEndsWithoutAWord() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        export =
                start(
                        spec("a", 1, Path.of("/dev/a")),
                        spec -> {
                            opening.countDown();
                            try {
                                proceed.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            return new Wrapped();
                        });
        assertTrue(opening.await(20, TimeUnit.SECONDS));
        export.stop();
        proceed.countDown();
        assertTrue(export.awaitEnded(PATIENCE));
        assertEquals("ended", events.take());
        assertNull(client.announcement(SILENCE_NS));
    }

    @Test
    void stopFlushesTheStoreAndReportsItsFailure() throws Exception {
        start(
                new Wrapped() {
                    @Override
                    public void submit(StoreRequest request) {
                        if (request.op() == StoreRequest.Op.FLUSH) {
                            request.complete(StoreStatus.MEDIA_ERROR);
                        } else {
                            super.submit(request);
                        }
                    }
                });
        events.take();
        export.stop();
        assertEquals("ended by flush of the store failed: MEDIA_ERROR", events.take());
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

    private static void await(BooleanSupplier there) {
        long startNs = System.nanoTime();
        while (!there.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "in vain");
            Thread.onSpinWait();
        }
    }

    private String waitingFor() {
        return export.status().orElseThrow().waitingFor();
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
