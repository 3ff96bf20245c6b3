// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadinessTest {
    @TempDir Path directory;

    @Test
    void theLineGoesIntoTheNamedFifo() throws Exception {
        Path fifo = fifo();
        try (RandomAccessFile reader = new RandomAccessFile(fifo.toFile(), "rw")) {
            readiness(fifo).announce();

            assertEquals("ready", reader.readLine());
        }
    }

    @Test
    void aFifoThatNobodyReadsHoldsNothingUp() throws Exception {
        readiness(fifo()).announce();
    }

    @Test
    void withoutTheVariableNothingIsWritten() throws Exception {
        Readiness.of(Map.of()).announce();
        Readiness.of(Map.of(Readiness.VARIABLE, "")).announce();
    }

    @Test
    void anOrdinaryFileIsRefusedAndKeepsItsContent() throws Exception {
        Path file = Files.writeString(directory.resolve("jvm.cfg"), "precious");

        IOException refused = assertThrows(IOException.class, () -> readiness(file));

        assertEquals(Readiness.VARIABLE + "=" + file + " is not a FIFO", refused.getMessage());
        assertEquals("precious", Files.readString(file));
    }

    @Test
    void aFifoThatIsNotThereIsRefused() {
        assertThrows(IOException.class, () -> readiness(directory.resolve("none")));
    }

    private static Readiness readiness(Path fifo) throws IOException {
        return Readiness.of(Map.of(Readiness.VARIABLE, fifo.toString()));
    }

    private Path fifo() throws Exception {
        Path fifo = directory.resolve("ready");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        return fifo;
    }
}
