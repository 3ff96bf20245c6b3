// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.Disks;
import org.vblade4j.store.FuseFile;
import org.vblade4j.store.VolatileDisk;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** What must not end an export, nor harm a disk: its device goes, changes, and comes back. */
class DeviceLossLiveTest extends LossLab {
    private EthernetPort port;
    private LanClient client;

    @BeforeEach
    void connect() throws PortException {
        port = client();
        client = new LanClient(port);
    }

    @AfterEach
    void disconnect() {
        port.close();
    }

    private void resize(Path image, String loop, int sectors) throws Exception {
        Disks.resize(image, sectors * 512L);
        losetup("-c", loop);
    }

    private void expectSilence(long lba) throws PortException {
        assertNull(client.readFrame(ADDRESS, lba, 1, SILENCE_NS));
        assertNull(client.writeFrame(ADDRESS, lba, pattern(1, 0x66), SILENCE_NS));
        assertNotNull(client.query(ADDRESS), "it is still there to be found");
    }

    /**
     * An ATA error, which a host takes as the end of the request; never AoE's, on which it hangs.
     */
    private void expectError(byte[] answer, int error) {
        ByteBuffer frame = ByteBuffer.wrap(answer);
        assertEquals(0x41, AtaFrame.status(frame, 0));
        assertEquals(error, AtaFrame.error(frame, 0));
        assertEquals(0, AoeFrame.error(frame, 0));
        assertEquals(0x18, answer[14], "version 1, a response, no error flag");
    }

    private byte[] read(long lba) throws PortException {
        return client.readFrame(ADDRESS, lba, 1, PATIENCE.toNanos());
    }

    private byte[] write(long lba) throws PortException {
        return client.writeFrame(ADDRESS, lba, pattern(1, 0x44), PATIENCE.toNanos());
    }

    private static void awaits(BooleanSupplier attempt) {
        long startNs = System.nanoTime();
        while (!attempt.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos());
        }
    }

    /** The export looks into the device from time to time, which then is busy. */
    private void insert(String loop, Path image) {
        awaits(
                () -> {
                    try {
                        losetup(loop, image.toString());
                        return true;
                    } catch (IllegalStateException e) {
                        return false;
                    }
                });
    }

    @Test
    void aTruncatedFileFailsOnlyWhatIsGoneAndServesAllWhenRestored() throws Exception {
        Path file = image("disk");
        start(file);
        Disks.resize(file, 64 * 512);
        expectError(write(100), AtaFrame.ERROR_IDNF);
        assertEquals(64 * 512, Files.size(file), "a write never makes the file grow");
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 63, pattern(1, 2)));
        awaitSectors(64);
        Files.write(file, pattern(SECTORS - 64, 3), StandardOpenOption.APPEND);
        awaitSectors(SECTORS);
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 100, pattern(1, 4)));
        assertArrayEquals(pattern(1, 4), client.read(ADDRESS, 100, 1));
    }

    @Test
    void aDeviceWhoseMediumIsGoneMeansSilenceUntilItIsBack() throws Exception {
        Path image = image("image");
        String loop = loopOver(image);
        start(Path.of(loop));
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 5, pattern(1, 0x22)));
        resize(image, loop, 0);
        awaitWaitingFor("device " + loop);
        expectSilence(5);
        assertEquals(SECTORS, export.status().orElseThrow().sectors());
        Files.write(image, pattern(SECTORS, 0x33));
        losetup("-c", loop);
        awaitWaitingFor("");
        assertArrayEquals(pattern(1, 0x33), client.read(ADDRESS, 5, 1));
        assertTrue(export.status().orElseThrow().counters().value(Counter.STALLED_DROPS) > 0);
    }

    @Test
    void aFullFileSystemFailsTheWriteAtOnceAndTakesItWhenThereIsRoom() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("small"));
        network.run(List.of("mount", "-t", "tmpfs", "-o", "size=64k", "none", mount.toString()));
        try {
            Path sparse = mount.resolve("sparse");
            network.run(List.of("truncate", "-s", "256k", sparse.toString()));
            Path filler = Files.write(mount.resolve("filler"), new byte[56 * 1024]);
            start(sparse);
            int lba = 0;
            while (client.write(ADDRESS, lba, pattern(1, 0x44)) == AtaFrame.STATUS_READY) {
                lba += 8;
                assertTrue(lba < 256, "never full");
            }
            expectError(write(lba), AtaFrame.ERROR_ABRT);
            Files.delete(filler);
            assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 240, pattern(1, 0x55)));
            assertArrayEquals(pattern(1, 0x44), client.read(ADDRESS, 0, 1));
        } finally {
            stop();
            network.run(List.of("umount", mount.toString()));
        }
    }

    @Test
    void anotherDiskInThePlaceOfALostOneIsNeverServed() throws Exception {
        Path image = image("image");
        Path other = image("other");
        String loop = loopOver(image);
        start(Path.of(loop));
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 5, pattern(1, 0x22)));
        resize(image, loop, 0);
        awaitWaitingFor("device " + loop);
        losetup("-d", loop);
        insert(loop, other);
        awaitWaitingFor(loop + " is another device than before; restart to serve it");
        expectSilence(5);
        losetup("-d", loop);
        assertArrayEquals(new byte[SECTORS * 512], Files.readAllBytes(other), "not one byte");
        Files.write(image, pattern(SECTORS, 0x33));
        insert(loop, image);
        awaitWaitingFor("");
        assertArrayEquals(pattern(1, 0x33), client.read(ADDRESS, 5, 1));
    }

    /** The first file of many a file system has the same number, here 2. */
    @Test
    void anotherFileUnderThePathOfALostOneIsNeverServed() throws Exception {
        Path mount = Files.createDirectory(directory.resolve("mount"));
        Path file;
        try (FuseFile fuse = FuseFile.mount(new VolatileDisk(SECTORS), mount)) {
            file = fuse.path();
            start(file);
            assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 5, pattern(1, 0x22)));
        }
        network.run(List.of("mount", "-t", "tmpfs", "none", mount.toString()));
        try {
            Files.write(file, new byte[SECTORS * 512]);
            assertEquals(2L, Files.getAttribute(file, "unix:ino"));
            assertNull(client.writeFrame(ADDRESS, 5, pattern(1, 0x66), SILENCE_NS));
            awaitWaitingFor(file + " is another device than before; restart to serve it");
            expectSilence(5);
            assertArrayEquals(new byte[SECTORS * 512], Files.readAllBytes(file), "not one byte");
        } finally {
            stop();
            network.run(List.of("umount", mount.toString()));
        }
    }

    /** Whatever moment it is between two looks of the export's own at the device. */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 16, 0", "400, 16, 64", "1100, 0, 0", "1500, 16, 64"})
    void theFirstRequestAfterALossIsNotAnErrorEither(int pauseMs, long offset, long length)
            throws Exception {
        Path image = image("image");
        String loop = loopOver(image);
        start(Path.of(loop), window(offset, length));
        assertNotNull(read(0));
        client.announcement(pauseMs * 1_000_000L + 1);
        resize(image, loop, 0);
        expectSilence(0);
        awaitWaitingFor("device " + loop);
        resize(image, loop, SECTORS);
        awaitWaitingFor("");
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 0, pattern(1, 0x44)));
        assertEquals(0, export.status().orElseThrow().counters().value(Counter.ATA_ERRORS));
    }

    @Test
    void withFailALostDeviceIsAnAtaErrorAtOnceUntilItIsBack() throws Exception {
        Path image = image("image");
        String loop = loopOver(image);
        start(Path.of(loop), failing());
        assertNotNull(read(3));
        resize(image, loop, 0);
        for (int i = 0; i < 10; i++) {
            expectError(read(3), AtaFrame.ERROR_ABRT);
            expectError(write(3), AtaFrame.ERROR_ABRT);
        }
        assertNotNull(client.query(ADDRESS));
        awaitWaitingFor("device " + loop);
        resize(image, loop, SECTORS);
        awaitWaitingFor("");
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, 3, pattern(1, 0x44)));
        assertArrayEquals(pattern(1, 0x44), client.read(ADDRESS, 3, 1));
        Counters counters = export.status().orElseThrow().counters();
        assertEquals(0, counters.value(Counter.STALLED_DROPS));
        assertEquals(20, counters.value(Counter.ATA_ERRORS));
    }

    @ParameterizedTest
    @CsvSource({"32, 0, 96, 224", "32, 64, 64, 64", "100, 0, 28, 156", "0, 0, 128, 256"})
    void aWindowFollowsTheSizeOfItsDevice(long offset, long length, long before, long grown)
            throws Exception {
        Path image = image("image");
        String loop = loopOver(image);
        start(Path.of(loop), window(offset, length));
        awaitSectors(before);
        expectError(write(before), AtaFrame.ERROR_IDNF);
        resize(image, loop, 2 * SECTORS);
        if (grown != before) {
            assertNotNull(client.announcement(PATIENCE.toNanos()), "all are told");
            awaitSectors(grown);
        }
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, grown - 1, pattern(1, 0x55)));
        expectError(write(grown), AtaFrame.ERROR_IDNF);
        resize(image, loop, 64);
        awaitSectors(Math.max(0, 64 - offset));
        for (long lba = 0; lba < before; lba += 9) {
            byte[] answer = read(lba);
            if (lba + offset < 64) {
                assertEquals(AtaFrame.STATUS_READY, answer[AtaFrame.COMMAND_STATUS_OFFSET] & 0xff);
            } else {
                expectError(answer, AtaFrame.ERROR_IDNF);
            }
        }
        assertEquals("", waitingFor(), "a device that is too short is not away");
        resize(image, loop, 2 * SECTORS);
        awaitSectors(grown);
        assertEquals(AtaFrame.STATUS_READY, client.write(ADDRESS, grown - 1, pattern(1, 0x55)));
        byte[] end = new byte[512];
        try (FileChannel channel = FileChannel.open(Path.of(loop))) {
            channel.read(ByteBuffer.wrap(end), (offset + grown - 1) * 512);
        }
        assertArrayEquals(pattern(1, 0x55), end, "where the window says");
    }
}
