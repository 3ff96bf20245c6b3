// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.export.LanClient;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.testing.ForgedStations;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.Program;
import org.vblade4j.wire.AoeAddress;

/** Our programs at a bridge with a station that works and one that is hostile. */
@Tag("live")
@Timeout(180)
@ExtendWith(PrivateNetworkExtension.class)
abstract class ProgramLab {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final long TARGET = 0x02_00_00_00_00_14L;
    static final long GOOD = 0x02_00_00_00_00_0aL;
    static final int SECTORS = 64;
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int RETRIES = 50;
    private static final long SEED = 1;

    @TempDir Path directory;
    private final List<AutoCloseable> opened = new ArrayList<>();
    Path log;
    Path disk;
    ForgedStations forged;
    LanClient good;

    @BeforeEach
    void wire(PrivateNetwork network) throws Exception {
        network.ip("link", "add", "bridge", "type", "bridge");
        network.up("bridge");
        connect(network, "target", TARGET, "p1");
        connect(network, "good", GOOD, "p2");
        connect(network, "bad", 0x02_00_00_00_00_0bL, "p3");
        log = Files.createFile(directory.resolve("log"));
        disk = Files.write(directory.resolve("disk"), new byte[SECTORS * 512]);
        forged = keep(new ForgedStations("bad", TARGET, ADDRESS, SEED));
        PortOptions how = PortOptions.forInitiator("good", 256, 16);
        good = new LanClient(keep(new RingPorts().open(how, new Counters())));
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    final <T extends AutoCloseable> T keep(T one) {
        opened.add(one);
        return one;
    }

    private static void connect(PrivateNetwork network, String link, long mac, String plug) {
        network.veth(link, mac, plug, mac + 0x100, 1500);
        network.ip("link", "set", plug, "master", "bridge");
    }

    final ProcessBuilder.Redirect toLog() {
        return ProcessBuilder.Redirect.appendTo(log.toFile());
    }

    final String said() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** A foreground export as it comes. */
    final Program vblade(ProcessBuilder.Redirect stderr, String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("vblade"));
        words.addAll(List.of(options));
        words.addAll(List.of("1", "1", "target", disk.toString()));
        return awaitServing(Program.start(stderr, words.toArray(new String[0])));
    }

    /** A supervisor of one export, whose changes are kept. */
    final Program supervise(ProcessBuilder.Redirect stderr, Path data) throws Exception {
        return supervise(stderr, data, 1, "");
    }

    /** The same of several, at slots from 1 on, with other settings. */
    final Program supervise(ProcessBuilder.Redirect stderr, Path data, int exports, String defaults)
            throws Exception {
        Path settings = directory.resolve("settings");
        StringBuilder text = new StringBuilder(defaults);
        for (int slot = 1; slot <= exports; slot++) {
            Path device = slot == 1 ? disk : Files.copy(disk, directory.resolve("disk" + slot));
            text.append(
                    String.format(
                            "vblade4j.exports.e%d { shelf = 1, slot = %d, interface = target,"
                                    + " device = \"%s\" }%n",
                            slot, slot, device));
        }
        Files.writeString(settings, text);
        return awaitServing(
                Program.start(
                        stderr,
                        "vblade4j",
                        "supervise",
                        "--confd",
                        Files.writeString(directory.resolve("confd"), "").toString(),
                        "--settings",
                        settings.toString(),
                        "--socket",
                        directory.resolve("socket").toString(),
                        "--state-dir",
                        directory.resolve("run").toString(),
                        "--data-dir",
                        data.toString()));
    }

    private Program awaitServing(Program program) throws Exception {
        keep(program);
        long startNs = System.nanoTime();
        while (good.query(ADDRESS, RETRY_NS) == null) {
            assertTrue(program.isAlive(), this::said);
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, this::said);
        }
        return program;
    }

    /** What the supervisor answers. */
    final void assertStatusAnswers() throws Exception {
        Path socket = directory.resolve("socket");
        Program status =
                keep(Program.start(toLog(), "vblade4j", "--socket", "" + socket, "status"));
        assertEquals(0, status.await(), this::said);
    }

    /** As an initiator that asks again. */
    final void assertServes() throws Exception {
        byte[] answer = null;
        for (int i = 0; i < RETRIES && answer == null; i++) {
            answer = good.query(ADDRESS, RETRY_NS);
        }
        assertNotNull(answer, "no answer to a query");
        byte[] data = null;
        for (int i = 0; i < RETRIES && data == null; i++) {
            data = good.read(ADDRESS, i % SECTORS, 1, RETRY_NS);
        }
        assertNotNull(data, "no answer to a read");
    }
}
