// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LibcTest {
    @TempDir Path directory;

    @Test
    void failedCallLeavesItsErrno() {
        int fd = Libc.open(Libc.cString("/no/such/file"), Linux.O_RDONLY, 0);
        OsException failure = OsException.last("open");
        assertEquals(-1, fd);
        assertEquals(Errno.ENOENT, failure.errno());
        assertEquals("open", failure.call());
        assertEquals("open: " + Errno.text(Errno.ENOENT), failure.getMessage());
    }

    @Test
    void variadicOpenPassesItsMode() throws IOException {
        Path file = directory.resolve("mode");
        int flags = Linux.O_CREAT | Linux.O_EXCL | Linux.O_RDWR | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(file.toString()), flags, 0600);
        assertTrue(fd >= 0);
        assertEquals(0, Libc.close(fd));
        assertEquals(0600, (int) Files.getAttribute(file, "unix:mode") & 07777);
    }

    @Test
    void positionalWritesAreReadBack() throws IOException {
        Path file = directory.resolve("data");
        int flags = Linux.O_CREAT | Linux.O_RDWR | Linux.O_CLOEXEC;
        int fd = Libc.open(Libc.cString(file.toString()), flags, 0600);
        try (NativeMemory memory = NativeMemory.allocate(8192)) {
            memory.buffer().putLong(0, 0x0123456789abcdefL);
            assertEquals(512, Libc.pwrite(fd, memory.address(), 512, 1024));
            assertEquals(0, Libc.fdatasync(fd));
            assertEquals(512, Libc.pread(fd, memory.address() + 4096, 4096, 1024));
            assertEquals(0x0123456789abcdefL, memory.buffer().getLong(4096));
            assertEquals(1536, Libc.lseek(fd, 0, Linux.SEEK_END));
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void ioctlThatDoesNotApplyFails() throws IOException {
        Path file = Files.createFile(directory.resolve("plain"));
        int fd = Libc.open(Libc.cString(file.toString()), Linux.O_RDONLY, 0);
        try (NativeMemory memory = NativeMemory.allocate(8)) {
            assertEquals(-1, Libc.ioctl(fd, Linux.BLKGETSIZE64, memory.address()));
            assertEquals(Errno.ENOTTY, Libc.errno());
        } finally {
            Libc.close(fd);
        }
    }

    @Test
    void wrapAndAddressAreInverse() {
        ByteBuffer direct = ByteBuffer.allocateDirect(64);
        direct.position(5);
        direct.put(7, (byte) 42);
        ByteBuffer wrapped = Libc.wrap(Libc.address(direct), 64);
        assertEquals(42, wrapped.get(7));
        assertEquals(ByteOrder.BIG_ENDIAN, wrapped.order());
        assertEquals(64, wrapped.capacity());
    }

    @Test
    void memoryIsPageAlignedAndHarmlessOnceClosed() throws OsException {
        NativeMemory memory = NativeMemory.allocate(5000);
        ByteBuffer buffer = memory.buffer();
        assertEquals(0, memory.address() % NativeMemory.PAGE_BYTES);
        assertEquals(8192, buffer.capacity());
        buffer.put(8191, (byte) 1);
        memory.close();
        memory.close();
        assertEquals(0, buffer.get(8191));
    }

    @Test
    void memoryRefusesLengthsThatNoBufferHolds() {
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.allocate(0));
        assertThrows(IllegalArgumentException.class, () -> NativeMemory.allocate(1L << 31));
    }

    @Test
    void directFlagFollowsTheArchitecture() {
        assertEquals(0x4000, Linux.directFlag("amd64"));
        assertEquals(0x10000, Linux.directFlag("aarch64"));
    }
}
