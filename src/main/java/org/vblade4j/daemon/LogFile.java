// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.OsException;

/**
 * The file that an init system has connected the process's output to. When somebody has moved it
 * away (logrotate(8)), the output goes to the new file of its name from the next look on; what was
 * written until then is in the old one, and no line is lost.
 */
final class LogFile {
    private static final Logger LOG = System.getLogger(LogFile.class.getName());
    private static final long PERIOD_MS = 1000;

    // fcntl.h
    private static final int O_WRONLY = 01;
    private static final int O_CREAT = 0100;
    private static final int O_APPEND = 02000;
    private static final int O_NOFOLLOW = 0400000;
    private static final int O_CLOEXEC = 02000000;
    private static final int OWNER_ONLY = 0600;

    private final Path path;
    private final int[] descriptors;
    private boolean missed;
    private String complaint = "";

    /**
     * @param descriptors those that are open on the file
     */
    LogFile(Path path, int... descriptors) {
        this.path = path;
        this.descriptors = descriptors.clone();
    }

    /** Standard error, and standard output too where it is the same file; empty if no file is. */
    static Optional<LogFile> ofThisProcess() {
        Path stderr = descriptor(2);
        if (!Files.isRegularFile(stderr)) {
            return Optional.empty();
        }
        try {
            Path path = Files.readSymbolicLink(stderr);
            boolean both = identity(descriptor(1)).equals(identity(stderr));
            return Optional.of(both ? new LogFile(path, 2, 1) : new LogFile(path, 2));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "a rotated log will not be noticed: {0}", e.toString());
            return Optional.empty();
        }
    }

    /** Looks each second, on a thread of its own, until the process ends. */
    void follow() {
        Thread thread =
                new Thread(
                        () -> {
                            while (look()) {
                                pause();
                            }
                        },
                        "log");
        thread.setDaemon(true);
        thread.start();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PERIOD_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One look. A file that is not there is made only when it was not there the last time either:
     * whoever took the old one away may be about to make it.
     *
     * @return false when the thread has been asked to end
     */
    boolean look() {
        try {
            if (Files.notExists(path)) {
                if (missed) {
                    reopen(O_CREAT);
                }
                missed = !missed;
            } else {
                missed = false;
                if (!identity(path).equals(identity(descriptor(descriptors[0])))) {
                    reopen(0);
                }
            }
            complaint = "";
        } catch (IOException e) {
            if (!Objects.equals(complaint, e.getMessage())) {
                complaint = e.getMessage();
                LOG.log(Level.WARNING, "still logging to the old file: {0}", complaint);
            }
        }
        return !Thread.currentThread().isInterrupted();
    }

    private void reopen(int flags) throws IOException {
        int opened =
                Libc.open(
                        Libc.cString(path.toString()),
                        O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC | flags,
                        OWNER_ONLY);
        if (opened < 0) {
            throw OsException.last("open " + path);
        }
        try {
            for (int descriptor : descriptors) {
                if (Libc.dup2(opened, descriptor) < 0) {
                    throw OsException.last("dup2");
                }
            }
        } finally {
            Libc.close(opened);
        }
        LOG.log(Level.INFO, "the log was rotated");
    }

    private static Path descriptor(int number) {
        return Path.of("/proc/self/fd/" + number);
    }

    private static String identity(Path file) throws IOException {
        return Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
    }
}
