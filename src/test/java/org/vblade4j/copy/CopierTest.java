// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.copy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vblade4j.initiator.SectorPattern;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.FaultyStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.store.Patterns;
import org.vblade4j.store.StoreDriver;
import org.vblade4j.store.StoreFaults;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;

class CopierTest {
    private static final int SECTORS = 1000;
    private static final CopySettings SETTINGS = new CopySettings(4096 * 4, 5, 1);

    @TempDir Path directory;

    private final MemoryStore memory = MemoryStore.heap(SECTORS);
    private long nowNs;

    private long clock() {
        return nowNs;
    }

    /** A disk that answers late and in any order. */
    private BlockStore slow(long seed) {
        return new FaultyStore(memory, new StoreFaults(seed, 0, StoreStatus.OK, 1000), this::clock);
    }

    private DiskEnd disk(long seed) {
        return new DiskEnd("e1.1", slow(seed), 0, false);
    }

    private Copier copier(Source from, Sink to, long start, long length) {
        return new Copier(from, to, start, length, SETTINGS, this::clock, () -> nowNs += 10);
    }

    private byte[] contents() {
        return new StoreDriver(memory).read(0, SECTORS);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aFileGoesToADiskAndBack(long seed) throws IOException {
        byte[] data = Patterns.random(seed, SECTORS * 512);
        FileSource source = FileSource.open(file("a", data), 0);
        assertEquals(SECTORS * 512, source.bytes());
        CopyReport there = copier(source, disk(seed), 0, source.bytes()).run();
        assertTrue(there.complete(), there.failure());
        assertArrayEquals(data, contents());
        assertEquals(SECTORS * 512, there.durableBytes());

        Path back = directory.resolve("b");
        try (FileSink sink = new FileSink(back, 0, true, 0, true)) {
            assertTrue(copier(disk(seed + 100), sink, 0, SECTORS * 512).run().complete());
        }
        assertEquals(-1, Files.mismatch(back, directory.resolve("a")));
        source.close();
    }

    @Test
    void aFileThatEndsWithinASectorIsFilledUpWithZeros() throws IOException {
        new StoreDriver(memory).write(0, Patterns.random(1, 4 * 512));
        byte[] data = Patterns.random(2, 700);
        FileSource source = FileSource.open(file("a", data), 0);
        assertTrue(copier(source, disk(1), 0, 700).run().complete());
        assertArrayEquals(Arrays.copyOf(data, 1024), Arrays.copyOf(contents(), 1024));
        source.close();
    }

    @Test
    void zerosBecomeHolesOnlyWhereNothingWasBefore() throws IOException {
        new StoreDriver(memory).write(600, Patterns.random(3, 512));
        Path sparse = directory.resolve("sparse");
        try (FileSink sink = new FileSink(sparse, 0, true, 0, true)) {
            assertTrue(copier(disk(1), sink, 0, SECTORS * 512).run().complete());
        }
        assertEquals(SECTORS * 512, Files.size(sparse));
        assertArrayEquals(contents(), Files.readAllBytes(sparse));
        long blocks = allocatedBytes(sparse);
        assertTrue(blocks < SECTORS * 512 / 4, blocks + " bytes allocated");

        Path old = file("old", Patterns.random(4, SECTORS * 512 + 99));
        byte[] tail =
                Arrays.copyOfRange(Files.readAllBytes(old), SECTORS * 512, SECTORS * 512 + 99);
        try (FileSink sink = new FileSink(old, 0, false, 0, true)) {
            assertTrue(copier(disk(1), sink, 0, SECTORS * 512).run().complete());
        }
        byte[] found = Files.readAllBytes(old);
        assertArrayEquals(contents(), Arrays.copyOf(found, SECTORS * 512));
        assertArrayEquals(tail, Arrays.copyOfRange(found, SECTORS * 512, found.length));
    }

    private static long allocatedBytes(Path path) throws IOException {
        Process du = new ProcessBuilder("du", "-k", path.toString()).start();
        return 1024
                * Long.parseLong(
                        new String(du.getInputStream().readAllBytes(), UTF_8).split("\t")[0]);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void holesOfTheSourceAreWrittenOrSkipped(boolean skip) throws IOException {
        byte[] before = Patterns.random(5, SECTORS * 512);
        new StoreDriver(memory).write(0, before);
        Path sparse = directory.resolve("sparse");
        byte[] data = Patterns.random(6, 64 * 1024);
        int at = 244 * 1024; // whole blocks, not whole chunks
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.setLength(SECTORS * 512);
            file.seek(at);
            file.write(data);
        }
        FileSource source = FileSource.open(sparse, 0);
        DiskEnd sink = new DiskEnd("e1.1", memory, 0, skip);
        CopyReport report = copier(source, sink, 0, source.bytes()).run();
        assertTrue(report.complete(), report.failure());
        assertTrue(report.holeBytes() >= 400 * 1024, report.holeBytes() + " bytes of holes");
        byte[] expected = skip ? before : Files.readAllBytes(sparse);
        System.arraycopy(data, 0, expected, at, data.length);
        assertArrayEquals(expected, contents());
        source.close();
    }

    /** A sink that takes what is lent; each such chunk fails as often as {@code refusals} says. */
    private static final class Lender implements Sink {
        final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        int refusals;
        int lent;
        int copied;

        @Override
        public String name() {
            return "e1.1";
        }

        @Override
        public boolean inOrder() {
            return true;
        }

        @Override
        public boolean gathers() {
            return true;
        }

        @Override
        public void write(Chunk chunk) {
            boolean mapped = chunk.memory().isReadOnly();
            lent += mapped ? 1 : 0;
            copied += mapped ? 0 : 1;
            StoreRequest request = chunk.request().write(0, 1, chunk.memory(), 0);
            if (refusals > 0) {
                refusals--;
                request.complete(StoreStatus.MEDIA_ERROR);
                return;
            }
            byte[] data = new byte[chunk.bytes()];
            chunk.memory().get(chunk.memoryOffset(), data);
            taken.writeBytes(data);
            request.complete(StoreStatus.OK);
        }

        @Override
        public void flush(Consumer<String> done) {
            done.accept(null);
        }

        @Override
        public void close() {}
    }

    @Test
    void aFileIsLentAsFarAsItHasWholeSectors() throws IOException {
        byte[] data = Patterns.random(10, 5 * 16384 + 700);
        try (FileSource source = FileSource.open(file("a", data), 1000)) {
            Lender sink = new Lender();
            assertTrue(copier(source, sink, 0, data.length - 1000).run().complete());
            assertArrayEquals(
                    Arrays.copyOfRange(data, 1000, data.length), sink.taken.toByteArray());
            assertEquals(4, sink.lent);
            assertEquals(1, sink.copied);
        }
    }

    @Test
    void whatWasLentInVainIsCopiedBeforeItCountsAsRefused() throws IOException {
        byte[] data = Patterns.random(11, 4 * 16384);
        try (FileSource source = FileSource.open(file("a", data), 0)) {
            Lender sink = new Lender();
            sink.refusals = 1;
            CopyReport report = copier(source, sink, 0, data.length).run();
            assertTrue(report.complete(), report.failure());
            assertEquals(1, sink.copied);
            sink.refusals = 100;
            report = copier(source, sink, 0, data.length).run();
            assertEquals("e1.1 answered with an error, at byte 0", report.failure());
        }
    }

    @Test
    void aFailureTellsWhereAndWhatIsSafe() throws IOException {
        byte[] data = Patterns.random(7, SECTORS * 512);
        memory.resize(100);
        FileSource source = FileSource.open(file("a", data), 0);
        CopyReport report = copier(source, disk(1), 0, SECTORS * 512).run();
        assertFalse(report.complete());
        assertEquals("e1.1 has become smaller, at byte " + 96 * 512, report.failure());
        assertEquals(96 * 512, report.storedBytes());
        assertEquals(96 * 512, report.durableBytes());
        source.close();
    }

    @Test
    void whatWasStoppedAnywhereCanBeTakenUp() throws IOException {
        SplittableRandom random = new SplittableRandom(8);
        byte[] data = Patterns.random(9, SECTORS * 512);
        Arrays.fill(data, 100_000, 200_000, (byte) 0);
        new StoreDriver(memory).write(0, data);
        for (int round = 0; round < 50; round++) {
            Path copy = directory.resolve("copy" + round);
            long at = 0;
            int runs = 0;
            while (at < data.length) {
                FileSink sink = new FileSink(copy, 0, true, at, true);
                Copier copier = copier(disk(round), sink, at, data.length);
                List<Long> kept = new ArrayList<>();
                copier.keep(kept::add);
                long end = at + random.nextLong(200_000);
                copier.watch(stored -> stopPast(copier, stored, end));
                CopyReport report = copier.run();
                sink.close();
                assertEquals(null, report.failure());
                assertEquals(report.storedBytes(), report.durableBytes());
                assertEquals(report.durableBytes(), Files.size(copy));
                assertEquals(report.interrupted(), report.durableBytes() < data.length);
                assertEquals(report.durableBytes(), kept.get(kept.size() - 1));
                at = report.durableBytes();
                runs++;
            }
            assertArrayEquals(data, Files.readAllBytes(copy));
            assertTrue(runs > 1);
        }
    }

    private static void stopPast(Copier copier, long stored, long end) {
        if (stored > end) {
            copier.stop();
        }
    }

    @Test
    void aStreamOfUnknownLengthGoesToADisk() {
        byte[] data = Patterns.random(10, 300_001);
        StreamSource source =
                new StreamSource("in", Channels.newChannel(new ByteArrayInputStream(data)), 1);
        CopyReport report = copier(source, disk(2), 0, -1).run();
        assertTrue(report.complete(), report.failure());
        assertEquals(300_000, report.storedBytes());
        byte[] found = Arrays.copyOf(contents(), 300_000);
        assertArrayEquals(Arrays.copyOfRange(data, 1, data.length), found);
    }

    @Test
    void aStreamThatEndsTooSoonIsAFailure() {
        byte[] data = Patterns.random(10, 1000);
        StreamSource source =
                new StreamSource("in", Channels.newChannel(new ByteArrayInputStream(data)), 0);
        CopyReport report = copier(source, disk(2), 0, 4096).run();
        assertEquals("in ended after 1000 bytes, expected 4096", report.failure());
    }

    @Test
    void aStreamGetsTheDiskInOrder() {
        byte[] data = Patterns.random(11, SECTORS * 512);
        new StoreDriver(memory).write(0, data);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamSink sink = new StreamSink("out", Channels.newChannel(out));
        assertTrue(copier(disk(3), sink, 0, data.length).run().complete());
        assertArrayEquals(data, out.toByteArray());
    }

    @Test
    void aPatternIsWrittenAndFoundAgainAndEveryDifferenceCounted() {
        SectorPattern pattern = new SectorPattern(42);
        DiskEnd disk = disk(4);
        assertTrue(copier(new PatternSource(pattern, 0), disk, 0, SECTORS * 512).run().complete());
        Comparison same = new Comparison(new ExpectedPattern(pattern, 0));
        assertTrue(copier(disk, same, 0, SECTORS * 512).run().complete());
        assertEquals(0, same.badSectors());

        new StoreDriver(memory).write(77, new byte[1024]);
        Comparison different = new Comparison(new ExpectedPattern(pattern, 0));
        assertTrue(copier(disk, different, 0, SECTORS * 512).run().complete());
        assertEquals(2, different.badSectors());
        assertEquals(77, different.firstBad());
    }

    @Test
    void aDiskIsComparedWithAFile() throws IOException {
        byte[] data = Patterns.random(12, SECTORS * 512);
        new StoreDriver(memory).write(0, data);
        data[70_000] ^= 1;
        data = Arrays.copyOf(data, SECTORS * 512 - 100);
        new StoreDriver(memory).write(SECTORS - 1, lastSector(data));
        try (ExpectedFile file = new ExpectedFile(file("a", data), 0)) {
            Comparison comparison = new Comparison(file);
            assertTrue(copier(disk(5), comparison, 0, SECTORS * 512).run().complete());
            assertEquals(1, comparison.badSectors());
            assertEquals(70_000 / 512, comparison.firstBad());
        }
    }

    private static byte[] lastSector(byte[] data) {
        return Arrays.copyOfRange(data, data.length / 512 * 512, data.length / 512 * 512 + 512);
    }
}
