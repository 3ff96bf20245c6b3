// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.vblade4j.testing.Program;

/**
 * Stations that send under addresses of their own making, against the program as it comes: memory,
 * log and threads stay as they are, and another station is served.
 */
class HostileStationsLiveTest extends ProgramLab {
    private static final System.Logger LOG =
            System.getLogger(HostileStationsLiveTest.class.getName());
    private static final long FLOOD_NS = TimeUnit.SECONDS.toNanos(8);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int STATIONS = 1000;
    private static final int MANY = 60_000;

    /** The launcher's heap, and what the JVM takes besides. */
    private static final long MOST_RESIDENT_BYTES = 200L << 20;

    /** Ten lines at once and one a second, of a bounded length. */
    private static final long MOST_LOG_BYTES = 25 * 700;

    private static final int MORE_THREADS = 2;

    /** What one station of the flood sends. */
    @FunctionalInterface
    private interface Frame {
        void send(int station) throws IOException;
    }

    private void flood(Program program, int stations, Frame frame) throws Exception {
        int threads = program.threads();
        long sent = 0;
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < FLOOD_NS && program.isAlive()) {
            frame.send((int) (sent++ % stations));
        }
        assertTrue(program.isAlive(), this::said);
        long resident = program.residentBytes();
        int more = program.threads() - threads;
        LOG.log(
                System.Logger.Level.INFO,
                "{0} frames of {1} stations: {2} KiB resident, {3} threads more, log of {4} bytes",
                Long.toString(sent),
                Integer.toString(stations),
                Long.toString(resident >> 10),
                Integer.toString(more),
                Long.toString(Files.size(log)));
        assertTrue(resident < MOST_RESIDENT_BYTES, () -> resident + " bytes resident");
        assertTrue(more <= MORE_THREADS, () -> more + " threads more");
        assertTrue(Files.size(log) < MOST_LOG_BYTES, this::said);
        assertServes();
    }

    @Test
    void changesByFewStations() throws Exception {
        Program program = vblade(toLog());
        flood(program, 20, station -> forged.setConfig(station, 1024));
    }

    @Test
    void changesByManyStations() throws Exception {
        Program program = vblade(toLog());
        flood(program, STATIONS, station -> forged.setConfig(station, 1024));
    }

    @Test
    void changesThatAreKept() throws Exception {
        Program program = supervise(toLog(), directory.resolve("data"));
        flood(program, STATIONS, station -> forged.setConfig(station, 1024));
        assertStatusAnswers();
    }

    @Test
    void changesWhileNobodyReadsTheLog() throws Exception {
        Program program = vblade(ProcessBuilder.Redirect.PIPE);
        flood(program, STATIONS, station -> forged.setConfig(station, 1024));
    }

    @Test
    void answersOfRivals() throws Exception {
        Program program = vblade(toLog());
        flood(program, MANY, forged::answerAsTarget);
        long lines = said().lines().filter(line -> line.contains(" answers as e1.1 ")).count();
        assertTrue(lines == 1, this::said);
    }

    @Test
    void answersOfRivalsWhileNobodyReadsTheLog() throws Exception {
        Program program = vblade(ProcessBuilder.Redirect.PIPE);
        flood(program, MANY, forged::answerAsTarget);
    }

    @Test
    void questionsToAll() throws Exception {
        Program program = vblade(toLog());
        flood(program, MANY, forged::discover);
    }

    @Test
    void aStationThatAnswersForEverythingKeepsNoExportFromStarting() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        Thread liar =
                new Thread(
                        () -> {
                            try {
                                while (!over.get()) {
                                    forged.answerAnybody(RETRY_NS);
                                }
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        liar.start();
        try {
            vblade(toLog());
            awaitSaid(" answers as e1.1, as e");
            assertServes();
        } finally {
            over.set(true);
            liar.join();
        }
    }

    private void awaitSaid(String text) throws Exception {
        long startNs = System.nanoTime();
        while (!said().contains(text)) {
            assertTrue(System.nanoTime() - startNs < FLOOD_NS, this::said);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
