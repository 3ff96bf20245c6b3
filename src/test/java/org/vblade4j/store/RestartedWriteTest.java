// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.store.engine.SimulatedEngine;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Linux;

/**
 * A file is cut while a direct write is in the kernel, which then has to be begun again: the file
 * does not grow.
 */
class RestartedWriteTest {
    private static final int BLOCK = 4096;
    private static final long LARGE = 8 * BLOCK;
    private static final long CUT = 4 * BLOCK;

    private final ArrayDeque<SimulatedEngine.Job> jobs = new ArrayDeque<>();
    private final ByteBuffer data = ByteBuffer.allocateDirect(4 * BLOCK).alignedSlice(BLOCK);
    private final StoreRequest first = new StoreRequest(done -> {});
    private final StoreRequest second = new StoreRequest(done -> {});
    private Path image;
    private FileStore store;

    @BeforeEach
    void open() throws IOException {
        image = Disks.image(Disks.directory(), LARGE);
        DiskFile file = open(Linux.O_DIRECT);
        DiskFile tail = open(Linux.O_DSYNC);
        SplittableRandom random = new SplittableRandom(1);
        SimulatedEngine engine = new SimulatedEngine(jobs::add, random, 9, file.fd(), tail.fd());
        StoreTraits traits = new StoreTraits(false, false, false, false, BLOCK, engine.label());
        store = new FileStore(file, tail, new DirectBlocks(BLOCK), engine, 8, traits);
    }

    private DiskFile open(int flags) throws IOException {
        return DiskFile.open(image, DeviceKind.REGULAR_FILE, false, flags, Platform.SYSTEM);
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** Ends what is in the kernel so, cuts the file, and lets all that follows be done. */
    private void cutAfter(int result) throws IOException {
        store.kick();
        Disks.resize(image, CUT);
        jobs.remove().end(result);
        for (int i = 0; i < 100; i++) {
            store.poll();
            while (!jobs.isEmpty()) {
                SimulatedEngine.Job job = jobs.remove();
                long moved =
                        job.segments == 1
                                ? FileCalls.LIBC.pwrite(
                                        job.fd, job.address, job.bytes, job.position)
                                : FileCalls.LIBC.pwritev(
                                        job.fd, job.address, job.segments, job.position);
                job.end((int) moved);
            }
        }
        assertEquals(CUT, Files.size(image));
    }

    @Test
    void whenItWasInterrupted() throws IOException {
        store.submit(first.write(40, 16, data, 0));
        cutAfter(-Errno.EINTR);
        assertEquals(StoreStatus.OUT_OF_RANGE, first.status());
    }

    @Test
    void whenAPartWasWritten() throws IOException {
        store.submit(first.write(40, 16, data, 0));
        cutAfter(BLOCK);
        assertEquals(StoreStatus.OUT_OF_RANGE, first.status());
    }

    @Test
    void whenItIsDoneAgainOneByOne() throws IOException {
        store.submit(first.write(24, 8, data, 0));
        store.submit(second.write(32, 8, data, BLOCK));
        cutAfter(-Errno.EIO);
        assertEquals(StoreStatus.OK, first.status());
        assertEquals(StoreStatus.OUT_OF_RANGE, second.status());
    }

    @Test
    void whenItIsTriedInLargerBlocks() throws IOException {
        store.submit(first.write(40, 16, data, 0));
        cutAfter(-Errno.EINVAL);
        assertEquals(StoreStatus.OUT_OF_RANGE, first.status());
    }
}
