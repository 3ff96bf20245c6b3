// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.vblade4j.config.ClientLimits;
import org.vblade4j.net.PortException;
import org.vblade4j.testing.ForgedStations;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/** What many stations may draw together, and what they find when they only boot at once. */
class RackLiveTest extends ProgramLab {
    private static final System.Logger LOG = System.getLogger(RackLiveTest.class.getName());
    private static final int HOSTS = 100;
    private static final int EXPORTS = 3;
    private static final int QUESTIONS = 5;
    private static final int FLUSHERS = 64;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final String LABEL = "x".repeat(1024);

    private void label(int exports) throws IOException {
        for (int slot = 1; slot <= exports; slot++) {
            assertEquals(0, good.setConfig(new AoeAddress(1, slot), LABEL));
        }
    }

    @Test
    void aRackOfHostsThatBootsAtOnceFindsEveryExport() throws Exception {
        supervise(toLog(), directory.resolve("data"), EXPORTS, "");
        label(EXPORTS);
        TimeUnit.SECONDS.sleep(1);
        Set<String> found = new HashSet<>();
        for (int question = 0; question < QUESTIONS; question++) {
            for (int host = 0; host < HOSTS; host++) {
                forged.discover(host);
            }
            long startNs = System.nanoTime();
            while (System.nanoTime() - startNs < SECOND_NS / QUESTIONS) {
                note(forged.receive(RETRY_NS), found);
            }
        }
        assertEquals(HOSTS * EXPORTS, found.size(), "some host has not found some export");
    }

    private static void note(byte[] answer, Set<String> found) {
        if (answer == null) {
            return;
        }
        ByteBuffer frame = ByteBuffer.wrap(answer);
        long host = AoeFrame.destination(frame, 0) - ForgedStations.mac(0);
        if (AoeFrame.isResponse(frame, 0) && host >= 0 && host < HOSTS) {
            found.add(host + " " + AoeFrame.minor(frame, 0));
        }
    }

    @Test
    void whatQuestionsToAllDrawIsBoundedInBytes() throws Exception {
        vblade(toLog());
        label(1);
        Path received = Path.of("/sys/class/net/bad/statistics/rx_bytes");
        long before = bytes(received);
        long startNs = System.nanoTime();
        long sent = 0;
        while (System.nanoTime() - startNs < 5 * SECOND_NS) {
            forged.discover((int) (sent++ % 1000));
        }
        double seconds = (System.nanoTime() - startNs) / (double) SECOND_NS;
        long drawn = bytes(received) - before;
        LOG.log(
                System.Logger.Level.INFO,
                "{0} questions of 60 bytes in {1} s drew {2} bytes",
                Long.toString(sent),
                Double.toString(seconds),
                Long.toString(drawn));
        double bound = (seconds + 2) * ClientLimits.DEFAULTS.unknownBytesPerSecond();
        assertTrue(drawn < bound, () -> drawn + " bytes");
        assertTrue(drawn > bound / 4, () -> drawn + " bytes: nothing was answered");
        assertServes();
    }

    private static long bytes(Path statistic) throws IOException {
        return Long.parseLong(Files.readString(statistic).strip());
    }

    private record Reads(long answered, long lost) {}

    private Reads read(long forNs) throws PortException {
        long startNs = System.nanoTime();
        long answered = 0;
        long lost = 0;
        while (System.nanoTime() - startNs < forNs) {
            if (good.read(ADDRESS, answered % SECTORS, 1, RETRY_NS) == null) {
                lost++;
            } else {
                answered++;
            }
        }
        return new Reads(answered, lost);
    }

    @Test
    void flushesOfManyStationsCostOneThatWorksLittle() throws Exception {
        vblade(toLog());
        read(3 * SECOND_NS); // it is at work from then on
        Reads alone = read(3 * SECOND_NS);
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        Thread flood =
                new Thread(
                        () -> {
                            try {
                                while (!over.get()) {
                                    forged.flush((int) (sent.getAndIncrement() % FLUSHERS));
                                }
                            } catch (IOException e) {
                                throw new IllegalStateException(e);
                            }
                        });
        flood.start();
        Reads beside = read(3 * SECOND_NS);
        over.set(true);
        flood.join();
        LOG.log(
                System.Logger.Level.INFO,
                "alone {0}, beside {1} flushes {2}",
                alone.toString(),
                sent.toString(),
                beside.toString());
        assertTrue(beside.answered > alone.answered / 8, beside::toString);
    }
}
