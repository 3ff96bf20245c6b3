// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogFormatTest {
    @ParameterizedTest
    @CsvSource({
        "SEVERE, ERROR",
        "WARNING, WARNING",
        "INFO, INFO",
        "FINE, DEBUG",
        "FINER, TRACE",
    })
    void aLineIsLevelThenMessage(String level, String shown) {
        LogRecord logged = new LogRecord(Level.parse(level), "started");

        assertEquals(shown + " started\n", new LogFormat(false).format(logged));
    }

    @ParameterizedTest
    @CsvSource({
        "export:vblade0/0, vblade0",
        "export:vblade0, vblade0",
        "supervisor, ''",
        "main, ''",
    })
    void theExportComesFromTheNameOfItsThread(String thread, String source) {
        assertEquals(source, LogFormat.source(thread));
    }

    @Test
    void anExportIsNamedOnceEvenWhenTheMessageNamesIt() throws Exception {
        assertEquals("INFO disk1: up\n", formattedOn("export:disk1/0", "up"));
        assertEquals("INFO disk1: up\n", formattedOn("export:disk1/0", "disk1: up"));
    }

    @Test
    void anEventIsOneLineWhateverItSays() {
        LogRecord logged = new LogRecord(Level.INFO, "one\ntwo");

        assertEquals("INFO one two\n", new LogFormat(false).format(logged));
    }

    @Test
    void theTimeComesFirstWhenTheReaderAddsNone() {
        LogRecord logged = new LogRecord(Level.INFO, "up");
        logged.setInstant(Instant.EPOCH);

        String line = new LogFormat(true).format(logged);

        assertTrue(
                line.matches("19(69|70)-\\d\\d-\\d\\dT\\d\\d:\\d\\d:00\\.000\\S+ INFO up\n"), line);
    }

    @Test
    void timestampsAreLeftOutOnRequestAndUnderTheJournalOnly() throws Exception {
        Path stderr = Path.of("/proc/self/fd/2");
        String journal =
                Files.getAttribute(stderr, "unix:dev")
                        + ":"
                        + Files.getAttribute(stderr, "unix:ino");

        assertTrue(LogFormat.wantsTimestamps(Map.of()));
        assertFalse(LogFormat.wantsTimestamps(Map.of("VBLADE4J_LOG_TIMESTAMPS", "no")));
        assertFalse(LogFormat.wantsTimestamps(Map.of("JOURNAL_STREAM", journal)));
        assertTrue(LogFormat.wantsTimestamps(Map.of("JOURNAL_STREAM", "1:2")));
    }

    private static String formattedOn(String thread, String message) throws InterruptedException {
        String[] line = new String[1];
        LogRecord logged = new LogRecord(Level.INFO, message);
        Thread worker = new Thread(() -> line[0] = new LogFormat(false).format(logged), thread);
        worker.start();
        worker.join();
        return line[0];
    }
}
