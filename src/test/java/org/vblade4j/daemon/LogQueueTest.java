// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The way to a log that may be slow, full or gone. */
@Timeout(60)
class LogQueueTest {
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(20);

    /** A log that takes so many bytes, and lets nobody in until it is opened. */
    private static final class Log implements WritableByteChannel {
        final CountDownLatch opened = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        final AtomicInteger room = new AtomicInteger(Integer.MAX_VALUE);

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            try {
                opened.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            int fits = Math.min(room.get(), bytes.remaining());
            if (fits == 0) {
                throw new IOException("no space left");
            }
            room.addAndGet(-fits);
            byte[] part = new byte[fits];
            bytes.get(part);
            taken.write(part);
            return fits;
        }

        String text() {
            return taken.toString(StandardCharsets.UTF_8);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    private final Log log = new Log();
    private final LogQueue queue = new LogQueue(log, new LogFormat(false));

    private void awaitText(String expected) {
        long startNs = System.nanoTime();
        while (!log.text().equals(expected)) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, log::text);
            Thread.onSpinWait();
        }
    }

    @Test
    void linesAreWrittenInTheirOrder() {
        log.opened.countDown();
        queue.start();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            queue.add("INFO line " + i + "\n");
            expected.append("INFO line ").append(i).append('\n');
        }
        assertTrue(queue.flush(PATIENCE_NS));
        assertEquals(expected.toString(), log.text());
    }

    @Test
    void whoLogsNeverWaitsAndWhatDoesNotFitIsCounted() {
        queue.start();
        String line = "x".repeat(935) + "\n"; // takes 1000
        int count = 100_000;
        for (int i = 0; i < count; i++) {
            queue.add(line);
        }
        assertFalse(queue.flush(1_000_000));
        log.opened.countDown();
        assertTrue(queue.flush(PATIENCE_NS));
        int kept = LogQueue.MAX_BYTES / 1000;
        String lost =
                "WARNING " + (count - kept) + " lines were not logged: the log took no more\n";
        awaitText(line.repeat(kept) + lost);
        queue.add("after\n");
        awaitText(line.repeat(kept) + lost + "after\n");
    }

    @Test
    void whatAFullDiskRefusesIsCountedAndToldWhenThereIsRoom() {
        log.opened.countDown();
        log.room.set(10);
        queue.start();
        queue.add("first\n");
        queue.add("second\n");
        queue.add("third\n");
        assertTrue(queue.flush(PATIENCE_NS));
        assertEquals("first\nseco", log.text());
        log.room.set(Integer.MAX_VALUE);
        awaitText("first\nseco\nWARNING 2 lines were not logged: the log took no more\n");
        queue.add("fourth\n");
        assertTrue(queue.flush(PATIENCE_NS));
        assertTrue(log.text().endsWith("no more\nfourth\n"), log::text);
    }

    @Test
    void aLongLineIsCut() {
        log.opened.countDown();
        queue.start();
        queue.add("y".repeat(1 << 20) + "\n");
        assertTrue(queue.flush(PATIENCE_NS));
        assertEquals(LogQueue.MAX_LINE_BYTES, log.text().length());
        assertTrue(log.text().endsWith("y\n"));
    }
}
