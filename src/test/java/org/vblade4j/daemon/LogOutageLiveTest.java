// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vblade4j.testing.FrozenDisk;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.Program;

/**
 * The log takes nothing more, or what the program keeps its state on hangs: exports go on serving,
 * and the supervisor answers.
 */
class LogOutageLiveTest extends ProgramLab {
    private static final long OUTAGE_NS = TimeUnit.SECONDS.toNanos(5);

    /** Has the export's own thread log a line each second, and others more. */
    private void serveThroughout() throws Exception {
        long startNs = System.nanoTime();
        for (int i = 1; System.nanoTime() - startNs < OUTAGE_NS; i++) {
            try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
                file.setLength((SECTORS + i % 2 * 8) * 512L);
            }
            for (int station = 0; station < 100; station++) {
                forged.setConfig(station, 1024);
                forged.answerAsTarget(station);
            }
            assertServes();
        }
        assertStatusAnswers();
    }

    private void awaitLine(Path file, String text) throws Exception {
        long startNs = System.nanoTime();
        while (!Files.readString(file).contains(text)) {
            assertTrue(System.nanoTime() - startNs < 4 * OUTAGE_NS, Files.readString(file));
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private static void fill(PrivateNetwork network, Path file) {
        String script = "dd if=/dev/zero of=$0 bs=4096 oflag=nonblock conv=notrunc || true";
        network.run(List.of("sh", "-c", script, file.toString()));
    }

    @Test
    void whoReadsTheLogHasStopped(PrivateNetwork network) throws Exception {
        Path fifo = directory.resolve("fifo");
        network.run(List.of("mkfifo", fifo.toString()));
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            Program program =
                    supervise(ProcessBuilder.Redirect.to(fifo.toFile()), directory.resolve("data"));
            fill(network, fifo);
            serveThroughout();
            assertEquals(0, program.end(), "an orderly end all the same");
            assertTrue(reader.getFD().valid());
        }
    }

    @Test
    void theLogsDiskIsFull(PrivateNetwork network) throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        network.run(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "none", small.toString()));
        try {
            Path full = small.resolve("log");
            Path ballast = small.resolve("ballast");
            Program program =
                    supervise(
                            ProcessBuilder.Redirect.appendTo(full.toFile()),
                            directory.resolve("data"));
            fill(network, ballast);
            long before = Files.size(full);
            serveThroughout();
            assertTrue(Files.size(full) - before < 4096, () -> "not full");
            Files.delete(ballast);
            awaitLine(full, " lines were not logged: the log took no more\n");
            assertEquals(0, program.end());
            awaitLine(full, "INFO ended\n");
        } finally {
            network.run(List.of("umount", "--lazy", small.toString()));
        }
    }

    @Test
    void theLogsDiskHangs(PrivateNetwork network) throws Exception {
        FrozenDisk frozen = keep(FrozenDisk.mount(network, directory));
        Path hanging = frozen.file("log", 0, 0);
        Program program =
                supervise(
                        ProcessBuilder.Redirect.appendTo(hanging.toFile()),
                        directory.resolve("data"));
        frozen.freeze();
        serveThroughout();
        frozen.thaw();
        assertEquals(0, program.end());
        awaitLine(hanging, "INFO ended\n");
    }

    @Test
    void theDiskOfTheKeptStateHangs(PrivateNetwork network) throws Exception {
        FrozenDisk frozen = keep(FrozenDisk.mount(network, directory));
        Program program = supervise(toLog(), Files.createDirectory(frozen.path().resolve("data")));
        assertEquals(0, good.setConfig(ADDRESS, "before"));
        frozen.freeze();
        assertNull(tryToLabel("during"), "nothing is answered that is not kept");
        serveThroughout();
        network.changeMtu("target", 9000); // takes another port, which finds the change under way
        TimeUnit.SECONDS.sleep(2);
        assertServes();
        assertEquals("before", good.config(ADDRESS));
        frozen.thaw();
        awaitLabel("during");
        assertEquals(0, program.end());
    }

    private byte[] tryToLabel(String label) throws IOException {
        return good.setConfig(ADDRESS, label) < 0 ? null : new byte[0];
    }

    private void awaitLabel(String label) throws Exception {
        long startNs = System.nanoTime();
        while (!label.equals(good.config(ADDRESS))) {
            assertTrue(System.nanoTime() - startNs < 4 * OUTAGE_NS, this::said);
        }
    }
}
