// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.BackendLoss;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.GuardOptions;
import org.vblade4j.config.Origin;
import org.vblade4j.config.RemoteOptions;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeAddress;

/** An export on a cable of its own, for tests that take its interface or its device away. */
@Tag("live")
@Timeout(60)
@ExtendWith(PrivateNetworkExtension.class)
abstract class LossLab {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final long TARGET = 0x02_00_00_00_00_14L;
    static final long CLIENT = 0x02_00_00_00_00_0aL;
    static final long SILENCE_NS = 100_000_000L;
    static final int SECTORS = 128;

    @TempDir Path directory;
    PrivateNetwork network;
    Export export;
    private final List<String> loops = new ArrayList<>();
    private final LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();

    private final Export.Listener listener =
            new Export.Listener() {
                @Override
                public void started(Export started) {}

                @Override
                public void ended(Export ended, Throwable cause) {
                    ends.add("ended by " + cause);
                }
            };

    @BeforeEach
    void wire(PrivateNetwork wired) {
        network = wired;
        network.veth("target", TARGET, "client", CLIENT, 1500);
    }

    @AfterEach
    void takeDown() throws InterruptedException {
        try {
            stop();
        } finally {
            loops.forEach(loop -> losetup("-d", loop));
        }
    }

    /** It has lived until now, and ends in good order. */
    void stop() throws InterruptedException {
        if (export != null) {
            assertEquals(List.of(), List.copyOf(ends));
            export.stop();
            assertTrue(export.awaitEnded(PATIENCE));
            assertEquals("ended by null", ends.poll());
            export = null;
        }
    }

    void start(Path device) throws InterruptedException {
        start(device, ExportOptions.DEFAULTS);
    }

    void start(Path device, ExportOptions options) throws InterruptedException {
        ExportSpec spec =
                new ExportSpec("a", ADDRESS, "target", device, options, new Origin("test", 1));
        export = Export.start(spec, new RingPorts(), 64, listener);
        assertTrue(export.awaitStarted(PATIENCE), () -> String.valueOf(export.failure()));
    }

    /** Cached, of a window of the device; 0 for a length means to its end. */
    static ExportOptions window(long offset, long length) {
        return new ExportOptions(64, false, false, false, List.of(), offset, length);
    }

    /** An ATA error at once where others wait. */
    static ExportOptions failing() {
        ExportOptions plain = ExportOptions.DEFAULTS;
        return new ExportOptions(
                plain.bufferCount(),
                plain.direct(),
                plain.synced(),
                plain.readOnly(),
                plain.allowedMacs(),
                0,
                0,
                plain.io(),
                plain.access(),
                plain.limits(),
                new BackendLoss(BackendLoss.Answer.FAIL, BackendLoss.Answer.FAIL, Duration.ZERO),
                GuardOptions.DEFAULTS,
                RemoteOptions.DEFAULTS);
    }

    static EthernetPort client() throws PortException {
        return new RingPorts().open(PortOptions.forInitiator("client", 64, 16), new Counters());
    }

    static byte[] pattern(int sectors, int value) {
        byte[] data = new byte[sectors * 512];
        Arrays.fill(data, (byte) value);
        return data;
    }

    void awaitWaitingFor(String what) {
        long startNs = System.nanoTime();
        while (!waitingFor().startsWith(what) || (what.isEmpty() && !waitingFor().isEmpty())) {
            assertTrue(
                    System.nanoTime() - startNs < PATIENCE.toNanos(),
                    () -> "waits for '" + waitingFor() + "', not for '" + what + "'");
            Thread.onSpinWait();
        }
    }

    String waitingFor() {
        return export.status().orElseThrow().waitingFor();
    }

    void awaitSectors(long sectors) {
        long startNs = System.nanoTime();
        while (export.status().orElseThrow().sectors() != sectors) {
            assertTrue(System.nanoTime() - startNs < PATIENCE.toNanos(), "no " + sectors);
            Thread.onSpinWait();
        }
    }

    String losetup(String... words) {
        String[] command = new String[words.length + 1];
        command[0] = "losetup";
        System.arraycopy(words, 0, command, 1, words.length);
        return network.run(List.of(command)).strip();
    }

    Path image(String name) throws Exception {
        return Files.write(directory.resolve(name), new byte[SECTORS * 512]);
    }

    /** A loop device over it, which goes away after the test. */
    String loopOver(Path image) {
        String loop = losetup("-f", "--show", image.toString());
        loops.add(loop);
        return loop;
    }
}
