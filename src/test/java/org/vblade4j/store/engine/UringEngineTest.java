// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.Disks;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.IoUring;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;

/** A real ring, whose kernel does not take what is submitted at once. */
class UringEngineTest {
    private static final int PATIENCE_S = 10;

    /** Errnos to answer the next submissions with, and how many entries others may take. */
    private final Deque<Integer> refusals = new ArrayDeque<>();

    private int takesAtMost = Integer.MAX_VALUE;
    private int submissions;
    private int others;
    private int fd;
    private UringEngine engine;
    private NativeMemory memory;

    private static final class Sync extends IoOperation {
        int ended;

        Sync() {
            kind = Kind.SYNC;
        }

        @Override
        protected void ended(int result) {
            assertEquals(0, result);
            ended++;
        }
    }

    @BeforeEach
    void open() throws IOException {
        others = descriptors();
        Path image = Disks.image(Disks.directory(), 4096);
        fd = Libc.open(Libc.cString(image.toString()), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
        engine = new UringEngine(4, this::enter, fd);
        memory = NativeMemory.allocate(4096);
    }

    @AfterEach
    void close() {
        memory.close();
        Libc.close(fd);
    }

    private long enter(int ring, int entries, int flags) {
        if (entries == 0) {
            return IoUring.enter(ring, entries, flags);
        }
        submissions++;
        return refusals.isEmpty()
                ? IoUring.enter(ring, Math.min(entries, takesAtMost), flags)
                : -refusals.remove();
    }

    /** Whether the descriptor becomes readable within so many seconds. */
    private boolean readable(int seconds) {
        var words = Libc.wrap(memory.address(), 64).order(ByteOrder.nativeOrder());
        words.putInt(0, engine.readyFd()).putInt(4, Linux.POLLIN);
        words.putLong(16, seconds).putLong(24, 0);
        return Libc.ppoll(memory.address(), 1, memory.address() + 16, 0) == 1;
    }

    /** As a worker does: sleeps until the descriptor tells, submits, reaps. */
    private void serveUntilEnded(Sync... operations) {
        while (Stream.of(operations).anyMatch(o -> o.ended == 0)) {
            assertTrue(readable(PATIENCE_S), "woken");
            engine.submit();
            engine.reap();
        }
    }

    @Test
    void tellsThatARefusedSubmissionIsToBeTriedAgain() {
        refusals.addAll(List.of(Errno.EAGAIN, Errno.EAGAIN, Errno.EBUSY));
        Sync sync = new Sync();
        engine.start(sync);
        engine.submit();
        serveUntilEnded(sync);
        assertEquals(1, sync.ended);
        assertEquals(0, refusals.size());
        assertFalse(readable(0), "nothing is left to be done");
        engine.close();
    }

    @Test
    void goesOnWithTheRestOfASubmissionThatWasTakenInPart() {
        takesAtMost = 1;
        Sync[] syncs = {new Sync(), new Sync(), new Sync()};
        Stream.of(syncs).forEach(engine::start);
        engine.submit();
        assertEquals(3, submissions);
        serveUntilEnded(syncs);
        engine.close();
    }

    @Test
    void asksAtOnceAgainWhenASignalCameBetween() {
        refusals.add(Errno.EINTR);
        Sync sync = new Sync();
        engine.start(sync);
        engine.submit();
        assertEquals(2, submissions);
        serveUntilEnded(sync);
        engine.close();
    }

    @Test
    void closesAtOnceWhenTheKernelNeverTookWhatWasStarted() throws IOException {
        assertEquals(3, descriptors() - others, "the ring, its other number, a timer");
        refusals.add(Errno.EAGAIN);
        engine.start(new Sync());
        engine.submit();
        engine.close();
        assertEquals(0, descriptors() - others);
    }

    /** Of rings and timers. */
    private static int descriptors() throws IOException {
        int count = 0;
        try (DirectoryStream<Path> all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path one : all) {
                String target = Files.readSymbolicLink(one).toString();
                count += target.contains("[io_uring]") || target.contains("[timerfd]") ? 1 : 0;
            }
        }
        return count;
    }
}
