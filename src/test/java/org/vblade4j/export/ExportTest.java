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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.net.PortException;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AtaFrame;

class ExportTest extends ExportLab {
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
}
