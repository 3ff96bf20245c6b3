// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * A file that says one thing to who reads it first and something broken, or nothing, to who reads
 * it again, as a file does that is edited in between: a FIFO with a thread that feeds it.
 */
record EditedFile(Path path, Thread feeder) implements AutoCloseable {
    private static final String BROKEN = "} no more what it was {\n";

    static EditedFile make(Path path, String first) throws Exception {
        Process made = new ProcessBuilder("mkfifo", path.toString()).inheritIO().start();
        if (made.waitFor() != 0) {
            throw new IOException("mkfifo " + path + " failed");
        }
        Thread feeder = new Thread(() -> feed(path, first), "feeder");
        feeder.setDaemon(true);
        feeder.start();
        return new EditedFile(path, feeder);
    }

    private static void feed(Path path, String first) {
        try {
            write(path, first);
            awaitEndOfReading(path);
            while (!Thread.currentThread().isInterrupted()) {
                write(path, BROKEN);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for a reader. */
    private static void write(Path path, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int fd = open(path, Linux.O_WRONLY);
        try (NativeMemory memory = NativeMemory.allocate(4096)) {
            memory.buffer().put(0, bytes);
            Libc.write(fd, memory.address(), bytes.length);
        }
        Libc.close(fd);
    }

    private static void awaitEndOfReading(Path path) throws IOException {
        while (true) {
            int fd = Libc.open(name(path), Linux.O_WRONLY | Linux.O_NONBLOCK, 0);
            if (fd < 0 && Libc.errno() == Errno.ENXIO) {
                return;
            }
            Libc.close(fd);
            Thread.onSpinWait();
        }
    }

    private static int open(Path path, int flags) throws IOException {
        int fd = Libc.open(name(path), flags, 0);
        if (fd < 0) {
            throw OsException.last("open(" + path + ")");
        }
        return fd;
    }

    private static byte[] name(Path path) {
        return Libc.cString(path.toString());
    }

    @Override
    public void close() throws IOException {
        feeder.interrupt();
        int reader = open(path, Linux.O_RDWR); // lets the feeder go on
        try {
            feeder.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Libc.close(reader);
        }
    }
}
