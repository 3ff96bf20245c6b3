// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.sys.FileCalls;
import org.vblade4j.sys.Statx;

class DirectProbeTest {
    private static final Path IMAGE = Path.of("disk.img");

    private Path sysfs;

    @BeforeEach
    void makeSysfs() throws IOException {
        sysfs = Disks.directory();
    }

    private void device(String folder, String blockBytes) throws IOException {
        Path queue = Files.createDirectories(sysfs.resolve(folder).resolve("queue"));
        Files.writeString(queue.resolve("logical_block_size"), blockBytes + "\n");
    }

    private int guessed(String device) {
        Statx stat = new Statx(0, 0, device);
        return DirectProbe.guessed(FileCalls.LIBC, DeviceKind.REGULAR_FILE, IMAGE, stat, sysfs)
                .bytes();
    }

    @ParameterizedTest
    @CsvSource({"512, 512, 512, 512", "4, 4096, 4, 4096", "4096, 512, 4096, 512", "1, 1, 1, 512"})
    void takesWhatTheKernelTells(int toldMemory, int toldBlock, int memory, int block) {
        DirectBlocks blocks = DirectProbe.told(new Statx(toldMemory, toldBlock, "8:0"));
        assertEquals(block, blocks.bytes());
        assertEquals(memory, blocks.memoryBytes(block));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "512, 0", "0, 512", "512, 3072", "512, 1048576", "8192, 512", "3, 512"})
    void doesNotTakeWhatNoTransferHereCanKeepTo(int memory, int block) {
        assertNull(DirectProbe.told(new Statx(memory, block, "8:0")));
    }

    @Test
    void elseTakesTheBlocksOfTheDiskBelow() throws IOException {
        device("8:0", "4096");
        device("8:16", "512");
        Files.createDirectory(sysfs.resolve("8:0/sda1"));
        Files.createSymbolicLink(sysfs.resolve("8:1"), sysfs.resolve("8:0/sda1"));
        assertEquals(4096, guessed("8:0"));
        assertEquals(4096, guessed("8:1"), "a partition's are its disk's");
        assertEquals(512, guessed("8:16"));
        assertEquals(512, guessed("0:42"), "no device below");
    }

    @Test
    void aDeviceBelowThatSaysNonsenseIsPassedOver() throws IOException {
        device("8:0", "");
        assertEquals(512, guessed("8:0"));
    }
}
