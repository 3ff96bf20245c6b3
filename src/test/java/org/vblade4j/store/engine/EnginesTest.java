// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vblade4j.store.Disks;
import org.vblade4j.store.Patterns;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;

class EnginesTest {
    private static final int BLOCK = 4096;
    private static final int OPERATIONS = 64;
    private static final int BAD_DESCRIPTOR = 1 << 20;

    /** One operation of 4096 bytes at its own place. */
    private static final class Block extends IoOperation {
        int ended;
        int outcome;

        Block(Kind kind, long address, int number) {
            this.kind = kind;
            this.address = address + (long) number * BLOCK;
            segments = 1;
            length = BLOCK;
            position = (long) number * BLOCK;
            cached = kind == Kind.READ;
        }

        @Override
        protected void ended(int result) {
            ended++;
            outcome = result;
        }
    }

    private static int open(Path path) {
        return Libc.open(Libc.cString(path.toString()), Linux.O_RDWR | Linux.O_CLOEXEC, 0);
    }

    @ParameterizedTest
    @EnumSource(EngineChoice.class)
    void runsManyOperationsAtOnceAndEndsEachOnce(EngineChoice choice) throws Exception {
        Path image = Disks.image(Disks.directory(), OPERATIONS * (long) BLOCK);
        byte[] data = Patterns.random(1, OPERATIONS * BLOCK);
        int fd = open(image);
        IoEngine engine = Engines.open(FileCalls.LIBC, choice, OPERATIONS, fd);
        try (NativeMemory memory = NativeMemory.allocate(data.length)) {
            memory.buffer().put(0, data);
            endAll(engine, blocks(IoOperation.Kind.WRITE, memory));
            assertArrayEquals(data, Files.readAllBytes(image));
            memory.buffer().put(0, new byte[data.length]);
            endAll(engine, blocks(IoOperation.Kind.READ, memory));
            byte[] back = new byte[data.length];
            memory.buffer().get(0, back);
            assertArrayEquals(data, back);
            endAll(engine, List.of(new Block(IoOperation.Kind.SYNC, 0, 0)));
        } finally {
            engine.close();
            Libc.close(fd);
        }
    }

    private static List<Block> blocks(IoOperation.Kind kind, NativeMemory memory) {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < OPERATIONS; i++) {
            blocks.add(new Block(kind, memory.address(), i));
        }
        return blocks;
    }

    private static void endAll(IoEngine engine, List<Block> blocks) {
        blocks.forEach(engine::start);
        assertEquals(blocks.size(), engine.inProgress());
        engine.submit();
        long startNs = System.nanoTime();
        int ended = 0;
        while (ended < blocks.size() && System.nanoTime() - startNs < 10_000_000_000L) {
            ended += engine.reap();
        }
        assertEquals(0, engine.reap());
        assertEquals(0, engine.inProgress());
        for (Block block : blocks) {
            assertEquals(1, block.ended);
            assertEquals(block.kind == IoOperation.Kind.SYNC ? 0 : BLOCK, block.outcome);
        }
    }

    @ParameterizedTest
    @EnumSource(EngineChoice.class)
    void tellsTheErrnoAndTheEndOfTheFile(EngineChoice choice) throws IOException {
        Path image = Disks.image(Disks.directory(), BLOCK / 2);
        int fd = Libc.open(Libc.cString(image.toString()), Linux.O_RDONLY, 0);
        IoEngine engine = Engines.open(FileCalls.LIBC, choice, 4, fd);
        try (NativeMemory memory = NativeMemory.allocate(BLOCK)) {
            Block write = new Block(IoOperation.Kind.WRITE, memory.address(), 0);
            Block read = new Block(IoOperation.Kind.READ, memory.address(), 0);
            engine.start(write);
            engine.start(read);
            engine.submit();
            while (engine.inProgress() > 0) {
                engine.reap();
            }
            assertEquals(-Errno.EBADF, write.outcome);
            assertEquals(BLOCK / 2, read.outcome);
        } finally {
            engine.close();
            Libc.close(fd);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = EngineChoice.class,
            names = {"URING", "THREADS"})
    void itsDescriptorTellsWhenThereIsSomethingToReap(EngineChoice choice) throws Exception {
        Path image = Disks.image(Disks.directory(), BLOCK);
        int fd = open(image);
        IoEngine engine = Engines.open(FileCalls.LIBC, choice, 4, fd);
        try (NativeMemory poll = NativeMemory.allocate(BLOCK)) {
            poll.buffer().putLong(0, Long.reverseBytes(engine.readyFd() | 1L << 32));
            assertEquals(0, Libc.ppoll(poll.address(), 1, poll.address() + 64, 0), "idle");
            Block sync = new Block(IoOperation.Kind.SYNC, 0, 0);
            for (int i = 0; i < 100; i++) {
                engine.start(sync);
                engine.submit();
                while (sync.ended == i) {
                    assertEquals(1, Libc.ppoll(poll.address(), 1, 0, 0));
                    engine.reap();
                }
            }
        } finally {
            engine.close();
            Libc.close(fd);
        }
    }

    @Test
    void whereTheKernelRefusesARingThereAreThreads() throws IOException {
        IoEngine engine = Engines.open(FileCalls.LIBC, EngineChoice.AUTO, 4, BAD_DESCRIPTOR);
        assertEquals("threads", engine.label());
        engine.close();
    }

    @Test
    void aRingIsWhatIsUsedHere() throws IOException {
        Path image = Disks.image(Disks.directory(), BLOCK);
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
            assertEquals(BLOCK, file.length());
            int fd = open(image);
            IoEngine engine = Engines.open(FileCalls.LIBC, EngineChoice.URING, 4, fd);
            assertEquals("uring", engine.label());
            engine.close();
            Libc.close(fd);
        }
    }
}
