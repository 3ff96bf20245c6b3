// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;

/** A descriptor that goes on to the new file when the one it was opened on is moved away. */
class LogFileTest {
    private static final int O_WRONLY_APPEND_CREAT = 01 | 02000 | 0100;

    @TempDir Path directory;
    private Path path;
    private Path old;
    private int descriptor;
    private LogFile log;

    @BeforeEach
    void open() {
        path = directory.resolve("log");
        old = directory.resolve("log.1");
        descriptor = Libc.open(Libc.cString(path.toString()), O_WRONLY_APPEND_CREAT, 0600);
        assertTrue(descriptor > 2);
        log = new LogFile(path, descriptor);
    }

    @AfterEach
    void close() {
        Libc.close(descriptor);
    }

    private void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        try (NativeMemory memory = NativeMemory.allocate(bytes.length)) {
            memory.buffer().put(0, bytes);
            assertEquals(bytes.length, Libc.write(descriptor, memory.address(), bytes.length));
        }
    }

    @Test
    void aFileThatStaysIsWrittenOn() throws IOException {
        write("1");
        log.look();
        write("2");
        assertEquals("12", Files.readString(path));
    }

    @Test
    void aNewFileOfTheNameIsTakenAtTheNextLook() throws IOException {
        write("1");
        Files.move(path, old);
        Files.writeString(path, "");
        write("2");
        log.look();
        write("3");
        assertEquals("12", Files.readString(old));
        assertEquals("3", Files.readString(path));
    }

    @Test
    void whoMovesTheOldFileAwayIsGivenTimeToMakeTheNewOne() throws IOException {
        Files.move(path, old);
        log.look();
        assertFalse(Files.exists(path));
        log.look();
        assertTrue(Files.exists(path));
        write("x");
        assertEquals("x", Files.readString(path));
        assertEquals("", Files.readString(old));
    }

    @Test
    void whatCannotBeOpenedIsLeftAndTheOldFileGoesOn() throws IOException {
        Files.move(path, old);
        Files.createSymbolicLink(path, directory.resolve("elsewhere"));
        log.look();
        log.look();
        write("x");
        assertEquals("x", Files.readString(old));
        assertFalse(Files.exists(directory.resolve("elsewhere")));
    }
}
