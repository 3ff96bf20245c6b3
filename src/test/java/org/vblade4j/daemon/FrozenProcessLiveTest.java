// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.FrozenDisk;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.WriteBurst;
import org.vblade4j.wire.AoeAddress;

/**
 * A disk hangs with writes in progress, and the process that serves it is told to end, or killed.
 * It cannot go before the disk has finished; what was begun must be whole, and nobody newer may
 * have been let in between.
 */
@Tag("live")
@Timeout(150)
@ExtendWith(PrivateNetworkExtension.class)
class FrozenProcessLiveTest {
    private static final int OLD = 0x11;
    private static final int WRITTEN = 0x22;
    private static final int NEWER = 0x33;
    private static final int NEWER_PAIRS = WriteBurst.PAIRS / 2;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);

    @TempDir Path directory;
    private final Map<String, AoeAddress> addresses = new LinkedHashMap<>();
    private final List<Process> running = new ArrayList<>();
    private FrozenDisk disk;
    private WriteBurst client;

    @BeforeEach
    void wire(PrivateNetwork network) throws Exception {
        network.veth("target", 0x02_00_00_00_00_14L, "client", 0x02_00_00_00_00_0aL, 1500);
        disk = FrozenDisk.mount(network, directory);
        client = new WriteBurst("client");
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        disk.thaw();
        for (Process process : running) {
            process.destroyForcibly().waitFor();
        }
        disk.close();
    }

    private AoeAddress export(String name) throws IOException {
        disk.file(name, WriteBurst.SECTORS, OLD);
        AoeAddress address = new AoeAddress(1, addresses.size() + 1);
        addresses.put(name, address);
        return address;
    }

    private Path file(String name) {
        return directory.resolve("frozen").resolve(name);
    }

    /** The program, with what it says in a file of the name. */
    private Process start(String log, String... words) throws IOException {
        // What a shell starts in the background ignores INT, and with it all that is started there.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("org.vblade4j.cli.Main");
        command.addAll(List.of(words));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(log).toFile())
                        .start();
        running.add(process);
        return process;
    }

    private String log(String name) throws IOException {
        return Files.readString(directory.resolve(name));
    }

    private void awaitLog(String name, String text) throws Exception {
        long startNs = System.nanoTime();
        while (!log(name).contains(text)) {
            if (System.nanoTime() - startNs > PATIENCE_NS) {
                throw new AssertionError("no \"" + text + "\" in " + log(name));
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** As an export of its own process would be given on a shell. */
    private Process foreground(String name, String... options) throws Exception {
        AoeAddress address = export(name);
        List<String> words = new ArrayList<>(List.of("vblade"));
        words.addAll(List.of(options));
        words.add(Integer.toString(address.shelf()));
        words.add(Integer.toString(address.slot()));
        words.addAll(List.of("target", file(name).toString()));
        return start(name, words.toArray(new String[0]));
    }

    private Process supervise(String log) throws Exception {
        return start(
                log,
                "vblade4j",
                "supervise",
                "--confd",
                Files.writeString(directory.resolve("confd"), "").toString(),
                "--settings",
                directory.resolve("settings").toString(),
                "--socket",
                directory.resolve("socket").toString(),
                "--state-dir",
                directory.resolve("run").toString(),
                "--data-dir",
                directory.resolve("data").toString());
    }

    /** Each mode on every engine. */
    private void configure(String... modes) throws Exception {
        List<String> lines = new ArrayList<>(List.of("vblade4j.exports {"));
        for (String mode : modes) {
            for (String engine : List.of("uring", "threads", "sync")) {
                String name = mode.replace('-', '_') + "_" + engine;
                lines.add(
                        String.format(
                                "%s { shelf = 1, slot = %d, interface = target, device = \"%s\","
                                        + " durability = %s, engine = %s }",
                                name, export(name).slot(), file(name), mode, engine));
            }
        }
        lines.add("}");
        Files.write(directory.resolve("settings"), lines);
    }

    private static void signal(String name, Process process) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    }

    private void hangWithWrites() throws Exception {
        for (AoeAddress address : addresses.values()) {
            client.write(address, 1, OLD); // all are there
        }
        disk.freeze();
        for (AoeAddress address : addresses.values()) {
            client.send(address, WriteBurst.PAIRS, WRITTEN);
        }
        TimeUnit.SECONDS.sleep(1);
    }

    private static int exitOf(Process process) throws InterruptedException {
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "ends when the disk has finished");
        return process.exitValue();
    }

    private void check(int pairs) {
        assertAll(
                addresses.keySet().stream()
                        .map(
                                name ->
                                        (Executable)
                                                () ->
                                                        WriteBurst.check(
                                                                file(name),
                                                                pairs,
                                                                NEWER,
                                                                OLD,
                                                                WRITTEN)));
    }

    @Test
    void supervisorToldToEndLeavesAndSaysWhatItLeaves() throws Exception {
        configure("cached", "synced", "direct", "direct-synced");
        Process supervisor = supervise("log");
        hangWithWrites();
        signal("TERM", supervisor);
        awaitLog("log", "ended, but not in order");
        String log = log("log");
        for (String name : addresses.keySet()) {
            assertTrue(log.contains(name + ": still stopping after 10 s: "), log);
        }
        assertTrue(
                log.contains("waiting for 20 requests in progress on " + file("direct_uring")),
                log);
        assertFalse(supervisor.waitFor(1, TimeUnit.SECONDS), "the kernel keeps it");
        disk.thaw();
        assertEquals(1, exitOf(supervisor));
        check(0);
    }

    @Test
    void foregroundExportLeavesAfterItsPatienceOrWhenAskedAgain() throws Exception {
        Process cached = foreground("cached");
        Process patient = foreground("direct", "-d");
        Process hurried = foreground("direct_synced", "-d", "-s");
        hangWithWrites();
        signal("TERM", cached);
        signal("TERM", patient);
        signal("INT", hurried);
        TimeUnit.SECONDS.sleep(2); // from then on it shows what it waits for
        signal("INT", hurried);
        awaitLog("direct_synced", "leaving, asked again: waiting for 20 requests in progress");
        awaitLog("direct", "leaving, still stopping after 10 s: waiting for 20 requests in");
        awaitLog("cached", "leaving, still stopping after 10 s: what is in progress on ");
        for (Process one : List.of(cached, patient, hurried)) {
            assertFalse(one.waitFor(100, TimeUnit.MILLISECONDS), "the kernel keeps it");
        }
        disk.thaw();
        assertEquals(1, exitOf(cached), log("cached"));
        assertEquals(1, exitOf(patient));
        assertEquals(1, exitOf(hurried));
        check(0);
    }

    @Test
    void killedSupervisorKeepsItsSuccessorOutAndTheSuccessorSaysWhy() throws Exception {
        configure("cached", "synced", "direct", "direct-synced");
        Process killed = supervise("log");
        hangWithWrites();
        signal("KILL", killed);
        Process early = supervise("early");
        assertEquals(1, exitOf(early), log("early"));
        String said = log("early");
        assertTrue(
                said.contains("another supervisor, process " + killed.pid() + " in state "), said);
        assertTrue(said.contains("stays in the kernel until a device that hangs"), said);
        assertFalse(killed.waitFor(7, TimeUnit.SECONDS), "the kernel keeps it");
        disk.thaw();
        assertEquals(128 + 9, exitOf(killed));
        check(0);
        Process successor = supervise("successor");
        for (AoeAddress address : addresses.values()) {
            client.write(address, NEWER_PAIRS, NEWER);
        }
        signal("TERM", successor);
        assertEquals(0, exitOf(successor), log("successor"));
        check(NEWER_PAIRS);
    }
}
