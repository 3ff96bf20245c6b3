// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreStatus;

/** A disk's data go straight into a file that is there already and lies in memory. */
class PlacedFileTest {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final int BYTES = 4000 * 512;
    private static final int SEEK = 700; // no chunk begins where a page does
    private static final int CHUNKS = (BYTES + 4096 * 4 - 1) / (4096 * 4);
    private static final CopySettings SETTINGS = new CopySettings(4096 * 4, 5, 1L << 40);

    private final MemoryStore memory = MemoryStore.heap(BYTES / 512);
    private final byte[] data = Patterns.random(1, BYTES);
    private Path file;
    private long nowNs;

    /** Tells how chunks come to a file. */
    private static final class Observed implements Sink {
        final FileSink sink;
        int placed;
        int copied;

        Observed(FileSink sink) {
            this.sink = sink;
        }

        @Override
        public String name() {
            return sink.name();
        }

        @Override
        public void place(Chunk chunk) {
            sink.place(chunk);
        }

        @Override
        public void write(Chunk chunk) {
            placed += chunk.placed() ? 1 : 0;
            copied += chunk.placed() ? 0 : 1;
            sink.write(chunk);
        }

        @Override
        public void end(long bytes) throws IOException {
            sink.end(bytes);
        }

        @Override
        public void flush(Consumer<String> done) {
            sink.flush(done);
        }

        @Override
        public void close() throws IOException {
            sink.close();
        }
    }

    @BeforeEach
    void makeDiskAndFile() throws IOException {
        assertEquals("tmpfs", Files.getFileStore(MEMORY).type(), MEMORY + " is not in memory");
        new StoreDriver(memory).write(0, data);
        file = Files.createTempFile(MEMORY, "placed", ".img");
    }

    @AfterEach
    void removeFile() throws IOException {
        Files.delete(file);
    }

    private Observed sink(boolean fresh) throws IOException {
        return new Observed(new FileSink(file, SEEK, fresh, 0, false));
    }

    private CopyReport copy(Sink to, Copier.Watcher watcher) {
        StoreFaults late = new StoreFaults(1, 0, StoreStatus.OK, 1000);
        FaultyStore disk = new FaultyStore(memory, late, () -> nowNs);
        DiskEnd from = new DiskEnd("e1.1", disk, 0, false);
        Copier copier = new Copier(from, to, 0, BYTES, SETTINGS, () -> nowNs, () -> nowNs += 10);
        copier.watch(watcher);
        return copier.run();
    }

    @Test
    void allOfItArrivesAndNothingElseChanges() throws IOException {
        byte[] before = Patterns.random(2, SEEK + BYTES + 5000);
        Files.write(file, before);
        try (Observed sink = sink(false)) {
            CopyReport report = copy(sink, stored -> {});
            assertTrue(report.complete(), report.failure());
            assertEquals(CHUNKS, sink.placed);
        }
        System.arraycopy(data, 0, before, SEEK, BYTES);
        assertArrayEquals(before, Files.readAllBytes(file));
    }

    @Test
    void whatIsBehindTheFilesEndIsWritten() throws IOException {
        Files.write(file, Patterns.random(2, SEEK + BYTES / 2));
        try (Observed sink = sink(false)) {
            CopyReport report = copy(sink, stored -> {});
            assertTrue(report.complete(), report.failure());
            assertTrue(sink.placed > CHUNKS / 3, sink.placed + " placed");
            assertTrue(sink.copied > CHUNKS / 3, sink.copied + " copied");
        }
        byte[] found = Files.readAllBytes(file);
        assertArrayEquals(data, Arrays.copyOfRange(found, SEEK, found.length));
    }

    @Test
    void aFreshFileIsWritten() throws IOException {
        Files.write(file, Patterns.random(2, SEEK + BYTES));
        try (Observed sink = sink(true)) {
            CopyReport report = copy(sink, stored -> {});
            assertTrue(report.complete(), report.failure());
            assertEquals(0, sink.placed);
        }
        byte[] found = Files.readAllBytes(file);
        assertArrayEquals(data, Arrays.copyOfRange(found, SEEK, found.length));
    }

    /** Who cuts the file meanwhile must not end the process, nor be told that all is well. */
    @Test
    void aFileThatIsCutMeanwhileEndsTheCopy() throws IOException {
        Files.write(file, new byte[SEEK + BYTES]);
        try (Observed sink = sink(false);
                FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
            CopyReport report =
                    copy(
                            sink,
                            stored -> {
                                if (stored > BYTES / 2) {
                                    truncate(cut);
                                }
                            });
            String failure = String.valueOf(report.failure());
            assertTrue(failure.startsWith(file + " has become shorter"), failure);
        }
    }

    private static void truncate(FileChannel file) {
        try {
            file.truncate(4096);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
