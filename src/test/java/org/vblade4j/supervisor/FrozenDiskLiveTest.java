// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.control.OperationException;
import org.vblade4j.export.ExportLauncher;
import org.vblade4j.testing.FrozenDisk;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.testing.WriteBurst;
import org.vblade4j.wire.AoeAddress;

/**
 * A disk hangs with writes in progress while its export is stopped, restarted, given another ring
 * or deprived of its interface: every mode on every engine, all at once. The memory that the kernel
 * has yet to read must stay, and nothing newer may be let in between.
 */
@Tag("live")
@Timeout(90)
@ExtendWith(PrivateNetworkExtension.class)
class FrozenDiskLiveTest {
    private static final int OLD = 0x11;
    private static final int WRITTEN = 0x22;
    private static final int NEWER = 0x33;
    private static final int NEWER_PAIRS = WriteBurst.PAIRS / 2;
    private static final long TARGET = 0x02_00_00_00_00_14L;
    private static final long CLIENT = 0x02_00_00_00_00_0aL;

    /** For a command; the disk hangs for longer. */
    private static final Timeouts TIMEOUTS =
            new Timeouts(Duration.ofSeconds(20), Duration.ofSeconds(2));

    /** No patience that a program might reasonably have is longer than the hang. */
    private static final long HANG_S = 7;

    /** On a disk that does not hang. */
    private static final Case OTHER = new Case("cached", "sync", 100);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** One mode on one engine. */
    private record Case(String mode, String engine, int slot) {
        String name() {
            return mode + "_" + engine;
        }

        AoeAddress address() {
            return new AoeAddress(1, slot);
        }

        boolean direct() {
            return mode.startsWith("direct");
        }

        /** Its thread goes on while the disk hangs. */
        boolean waits() {
            return direct() && !engine.equals("sync");
        }

        String line(Path file, int index) {
            return String.format(
                    "%s { shelf = 1, slot = %d, interface = target, device = \"%s\","
                            + " durability = %s, engine = %s }",
                    name(), index, file, mode.replace('_', '-'), engine);
        }
    }

    @TempDir Path directory;
    private final List<Case> cases = new ArrayList<>();
    private PrivateNetwork network;
    private FrozenDisk disk;
    private WriteBurst client;
    private Supervisor supervisor;
    private long hangsSinceNs;

    @BeforeEach
    void serve(PrivateNetwork wired) throws Exception {
        network = wired;
        network.veth("target", TARGET, "client", CLIENT, 1500);
        disk = FrozenDisk.mount(network, directory);
        for (String mode : List.of("cached", "synced", "direct", "direct_synced")) {
            for (String engine : List.of("uring", "threads", "sync")) {
                cases.add(new Case(mode, engine, cases.size() + 1));
            }
        }
        for (Case one : cases) {
            disk.file(one.name(), WriteBurst.SECTORS, OLD);
        }
        Files.write(directory.resolve("other"), new byte[WriteBurst.SECTORS * 512]);
        Files.writeString(
                directory.resolve("confd"),
                "config_other=\"1 "
                        + OTHER.slot()
                        + " target "
                        + directory.resolve("other")
                        + "\"");
        configure(100);
        supervisor =
                Supervisor.open(
                        directory.resolve("run"),
                        new ConfigFiles(
                                directory.resolve("confd"), directory.resolve("settings"), true),
                        new SupervisedExports(new ExportLauncher()),
                        new SupervisorThread(),
                        TIMEOUTS);
        supervisor.takeUp();
        client = new WriteBurst("client");
    }

    @AfterEach
    void end() throws Exception {
        client.close();
        disk.thaw();
        supervisor.close();
        disk.close();
    }

    private Path file(Case one) {
        return directory.resolve("frozen").resolve(one.name());
    }

    private void configure(int receiveFrames) throws Exception {
        List<String> lines = new ArrayList<>();
        lines.add("vblade4j.port.receive-frames = " + receiveFrames);
        lines.add("vblade4j.exports {");
        cases.forEach(one -> lines.add(one.line(file(one), one.slot())));
        lines.add("}");
        Files.write(directory.resolve("settings"), lines);
    }

    private Map<String, Object> row(Case one) throws OperationException {
        return supervisor.status(List.of(one.name())).get(0);
    }

    private void await(String what, Predicate<Map<String, Object>> there, Stream<Case> of)
            throws Exception {
        long startNs = System.nanoTime();
        for (Case one : of.toList()) {
            while (!there.test(row(one))) {
                assertTrue(
                        System.nanoTime() - startNs < PATIENCE.toNanos(),
                        () -> one.name() + " never " + what);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    private void awaitState(String state) throws Exception {
        await(state, row -> row.get("state").equals(state), cases.stream());
    }

    private void awaitServing() throws Exception {
        await(
                "serving",
                row -> row.get("state").equals("started") && row.get("waiting_for").equals(""),
                cases.stream());
    }

    private static long frames(Map<String, Object> row) {
        return (long) ((Map<?, ?>) row.get("counters")).get("frames_received");
    }

    /** Those whose thread goes on have given all writes to the kernel. */
    private void hangWithWrites() throws Exception {
        disk.freeze();
        for (Case one : cases) {
            client.send(one.address(), WriteBurst.PAIRS, WRITTEN);
        }
        await(
                "took them",
                row -> frames(row) >= WriteBurst.PAIRS,
                cases.stream().filter(Case::waits));
        hangsSinceNs = System.nanoTime();
        client.write(OTHER.address(), WriteBurst.PAIRS, WRITTEN); // it is no matter to others
        new Thread(() -> {}).start(); // nor to what needs memory of the kernel
    }

    private void thawAfterALongTime() throws Exception {
        long leftNs = TimeUnit.SECONDS.toNanos(HANG_S) - (System.nanoTime() - hangsSinceNs);
        TimeUnit.NANOSECONDS.sleep(Math.max(0, leftNs));
        disk.thaw();
    }

    private interface Command {
        void run() throws OperationException;
    }

    private static CompletableFuture<String> asking(Command command) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        command.run();
                        return "";
                    } catch (OperationException e) {
                        return e.getMessage();
                    }
                });
    }

    /** The command came back in time and has said what each export waits for. */
    private void assertTold(CompletableFuture<String> command)
            throws ExecutionException, InterruptedException {
        String told = command.get();
        for (Case one : cases) {
            String start = one.name() + ": still stopping after 2 s: ";
            String line =
                    told.lines().filter(each -> each.startsWith(start)).findFirst().orElse("");
            String wanted =
                    one.waits()
                            ? "waiting for 20 requests in progress on " + file(one) + " since 20"
                            : "its thread waits in a call to " + file(one);
            assertTrue(line.startsWith(start + wanted), () -> one.name() + " in: " + told);
        }
    }

    private void assertWaits() throws Exception {
        await(
                "showed what it waits for",
                row -> row.get("waiting_for").toString().startsWith("20 requests in progress on "),
                cases.stream().filter(Case::waits));
    }

    private void check(int pairs, int... older) {
        assertAll(
                cases.stream()
                        .map(
                                one ->
                                        (Executable)
                                                () ->
                                                        WriteBurst.check(
                                                                file(one), pairs, NEWER, older)));
    }

    /** What a host that writes on sees: its answered writes stay. */
    private void checkWithNewerWrites() throws Exception {
        for (Case one : cases) {
            client.write(one.address(), NEWER_PAIRS, NEWER);
        }
        supervisor.stop(List.of());
        check(NEWER_PAIRS, OLD, WRITTEN);
    }

    @Test
    void stop() throws Exception {
        hangWithWrites();
        CompletableFuture<String> stop = asking(() -> supervisor.stop(List.of()));
        assertTold(stop);
        for (Case one : cases) {
            assertEquals("stopping", row(one).get("state"), one.name());
        }
        Case direct = cases.stream().filter(Case::waits).findFirst().orElseThrow();
        String line = "-d 2 1 target " + file(direct);
        String refusal =
                assertThrows(OperationException.class, () -> supervisor.startWith("second", line))
                        .getMessage();
        assertTrue(refusal.contains("exported read-write as '" + direct.name()), refusal);
        supervisor.stop(List.of("second"));
        assertWaits();
        thawAfterALongTime();
        awaitState("stopped");
        check(0, OLD, WRITTEN);
    }

    @Test
    void restart() throws Exception {
        hangWithWrites();
        CompletableFuture<String> restart = asking(() -> supervisor.restart(List.of()));
        assertTold(restart);
        for (Case one : cases) {
            assertEquals("stopping", row(one).get("state"), one.name());
        }
        for (Case one : cases) {
            client.send(one.address(), NEWER_PAIRS, NEWER); // in vain: nobody is there to take it
        }
        thawAfterALongTime();
        awaitServing();
        checkWithNewerWrites();
    }

    @Test
    void reloadThatTakesAnotherRing() throws Exception {
        hangWithWrites();
        configure(300);
        supervisor.reload(List.of());
        assertWaits();
        thawAfterALongTime();
        awaitServing();
        checkWithNewerWrites();
    }

    @Test
    void lossOfTheInterface() throws Exception {
        hangWithWrites();
        client.close();
        network.delete("target");
        assertWaits();
        thawAfterALongTime();
        await(
                "noticed",
                row -> row.get("waiting_for").toString().startsWith("interface target"),
                cases.stream());
        check(0, OLD, WRITTEN);
        network.veth("target", TARGET, "client", CLIENT, 1500);
        client = new WriteBurst("client");
        awaitServing();
        checkWithNewerWrites();
    }
}
