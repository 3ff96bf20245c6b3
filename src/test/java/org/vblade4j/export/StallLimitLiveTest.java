// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vblade4j.config.AccessOptions;
import org.vblade4j.config.BackendLoss;
import org.vblade4j.config.ClientLimits;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.config.IoOptions;
import org.vblade4j.config.RemoteOptions;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.store.Disks;
import org.vblade4j.testing.FrozenDisk;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * A device that is lost, and devices that hang, for longer than a host may be told nothing: it gets
 * errors, and is served again when the device is back, with nothing done by hand.
 */
class StallLimitLiveTest extends LossLab {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final int FILL = 0x11;

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

    private static ExportOptions options(boolean direct, Duration limit) {
        return new ExportOptions(
                64,
                direct,
                false,
                false,
                List.of(),
                0,
                0,
                IoOptions.DEFAULTS,
                AccessOptions.OPEN,
                ClientLimits.DEFAULTS,
                new BackendLoss(BackendLoss.Answer.STALL, BackendLoss.Answer.FAIL, limit),
                GuardOptions.DEFAULTS,
                RemoteOptions.DEFAULTS);
    }

    /** To be answered, however busy the machine is. */
    private byte[] answer(long lba) throws PortException {
        return client.readFrame(ADDRESS, lba, 1, PATIENCE.toNanos());
    }

    private byte[] read(long lba) throws PortException {
        return client.readFrame(ADDRESS, lba, 1, SILENCE_NS);
    }

    private byte[] write(int value) throws PortException {
        return client.writeFrame(ADDRESS, 0, pattern(1, value), SILENCE_NS);
    }

    private static void expectError(byte[] answer) {
        ByteBuffer frame = ByteBuffer.wrap(answer);
        assertEquals(0x41, AtaFrame.status(frame, 0));
        assertEquals(AtaFrame.ERROR_ABRT, AtaFrame.error(frame, 0));
        assertEquals(0, AoeFrame.error(frame, 0));
        assertEquals(0x18, answer[14], "version 1, a response, no error flag");
    }

    /** What is asked now, and again and again, is answered within the limit and some more. */
    private byte[] awaitAnswer(int value) throws PortException {
        long startNs = System.nanoTime();
        byte[] answer = write(value);
        while (answer == null) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "no answer");
            answer = write(value);
        }
        long tookNs = System.nanoTime() - startNs;
        assertTrue(tookNs > LIMIT.toNanos() / 2, "after " + tookNs + " ns");
        return answer;
    }

    private void awaitErrors(String why) {
        long startNs = System.nanoTime();
        while (!waitingFor().contains(why) || !waitingFor().contains("with errors since 2")) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), waitingFor());
            Thread.onSpinWait();
        }
    }

    /** The device is back: without errors or silence after the first answer. */
    private void awaitServed() throws PortException {
        long startNs = System.nanoTime();
        awaitWaitingFor("");
        byte[] answer = write(0x77);
        while (answer == null || AtaFrame.status(ByteBuffer.wrap(answer), 0) != 0x40) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "not served");
            answer = write(0x77);
        }
        assertArrayEquals(pattern(1, 0x77), client.read(ADDRESS, 0, 1));
        assertEquals(0x40, client.write(ADDRESS, 0, pattern(1, 0x78)));
        assertArrayEquals(pattern(1, 0x78), client.read(ADDRESS, 0, 1));
    }

    @Test
    void aLostDeviceMeansErrorsWhenTheLimitHasPassedUntilItIsBack() throws Exception {
        Path image = image("image");
        String loop = loopOver(image);
        start(Path.of(loop), options(false, LIMIT));
        assertNotNull(answer(3));
        resize(image, loop, 0);
        assertNull(read(3));
        awaitWaitingFor("device " + loop);
        expectError(awaitAnswer(0x22));
        awaitErrors("device " + loop + ", away since 2");
        expectError(answer(3));
        assertNotNull(client.query(ADDRESS));
        resize(image, loop, SECTORS);
        awaitServed();
    }

    private void resize(Path image, String loop, int sectors) throws Exception {
        Disks.resize(image, sectors * 512L);
        losetup("-c", loop);
    }

    /** Through the page cache the write waits in the kernel on the export's own thread. */
    @Test
    void anExportThatTheSystemKeepsWaitingIsStoodInFor() throws Exception {
        try (FrozenDisk disk = FrozenDisk.mount(network, directory)) {
            try {
                Path file = disk.file("disk", SECTORS, FILL);
                start(file, options(false, LIMIT));
                disk.freeze();
                expectError(awaitAnswer(0x22));
                awaitErrors("device " + file + ", which keeps the export waiting since 2");
                expectError(answer(3));
                assertNull(client.query(ADDRESS, SILENCE_NS), "what it has set is not known");
                disk.thaw();
                awaitServed();
            } finally {
                disk.thaw();
                stop();
            }
        }
    }

    @Test
    void aDirectWriteThatHangsIsAnErrorAndOtherSectorsAreServed() throws Exception {
        try (FrozenDisk disk = FrozenDisk.mount(network, directory)) {
            try {
                Path file = disk.file("disk", SECTORS, FILL);
                start(file, options(true, LIMIT));
                assertArrayEquals(pattern(1, FILL), client.read(ADDRESS, 0, 1));
                disk.freeze();
                expectError(awaitAnswer(0x22));
                awaitErrors("device " + file + ", which has not finished a request since 2");
                expectError(answer(0));
                assertArrayEquals(pattern(1, FILL), client.read(ADDRESS, 64, 1));
                disk.thaw();
                awaitServed();
            } finally {
                disk.thaw();
                stop();
            }
        }
    }

    /** Another machine may serve the disk by then. */
    @Test
    void nobodyStandsInForAnExportThatIsToEnd() throws Exception {
        try (FrozenDisk disk = FrozenDisk.mount(network, directory)) {
            try {
                start(disk.file("disk", SECTORS, FILL), options(false, LIMIT));
                disk.freeze();
                expectError(awaitAnswer(0x22));
                export.stop();
                long quietNs = System.nanoTime();
                while (System.nanoTime() - quietNs < 2 * LIMIT.toNanos()) {
                    byte[] answer = write(0x33);
                    long afterNs = System.nanoTime() - quietNs;
                    assertTrue(answer == null || afterNs < 1_000_000_000L, "it still answers");
                }
            } finally {
                disk.thaw();
                stop();
            }
        }
    }

    @Test
    void withoutALimitAHungDeviceMeansSilence() throws Exception {
        try (FrozenDisk disk = FrozenDisk.mount(network, directory)) {
            try {
                start(disk.file("disk", SECTORS, FILL), options(false, Duration.ZERO));
                disk.freeze();
                for (int i = 0; i < 50; i++) {
                    assertNull(write(0x22));
                }
                disk.thaw();
                awaitServed();
            } finally {
                disk.thaw();
                stop();
            }
        }
    }
}
