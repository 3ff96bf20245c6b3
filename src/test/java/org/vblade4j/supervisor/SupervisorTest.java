// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.PortSettings;
import org.vblade4j.control.OperationException;

@Timeout(30)
class SupervisorTest {
    @TempDir Path directory;
    private final FakeSource source =
            new FakeSource().with("a", "0.1 /dev/a").with("b", "0.2 /dev/b");
    private Rig rig;

    @BeforeEach
    void open() throws Exception {
        rig = new Rig(directory, source);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private void takeUp() throws OperationException {
        rig.supervisor.takeUp();
    }

    private static OperationException refusal(Refused command) {
        return assertThrows(OperationException.class, command::run);
    }

    private interface Refused {
        void run() throws OperationException;
    }

    @Test
    void configuredExportsStartWithTheSupervisorAndShowInRowsAndFiles() throws Exception {
        takeUp();
        Map<String, Object> row = rig.row("a");
        assertEquals("started", row.get("state"));
        assertEquals("e0.1", row.get("address"));
        assertEquals("veth0", row.get("interface"));
        assertEquals("/dev/a", row.get("device"));
        assertEquals(8192L, row.get("sectors"));
        assertEquals("02:00:00:00:00:14", row.get("mac"));
        assertEquals(1500, row.get("mtu"));
        assertEquals(0L, ((Map<?, ?>) row.get("counters")).get("reads"));
        assertEquals("started\n", rig.stateFile("b"));
        assertEquals(
                List.of("config_a=\"0 1 veth0 /dev/a\"", "config_b=\"0 2 veth0 /dev/b\""),
                rig.supervisor.dump());
    }

    @Test
    void withoutAutostartNothingRunsUntilAsked() throws Exception {
        source.settings = new DaemonSettings(false, FakeSource.RESTART, PortSettings.DEFAULTS);
        rig.close();
        open();
        takeUp();
        assertEquals("stopped", rig.state("a"));
        rig.supervisor.start(List.of("a"));
        assertEquals("started", rig.state("a"));
        assertEquals("stopped", rig.state("b"));
        rig.supervisor.start(List.of());
        assertEquals("started", rig.state("b"));
    }

    @Test
    void stoppedExportIsStoppedAndTheOtherIsNotTouched() throws Exception {
        takeUp();
        FakeExports.Run other = rig.exports.live("b");
        rig.supervisor.stop(List.of("a"));
        rig.supervisor.stop(List.of("a"));
        assertEquals("stopped", rig.state("a"));
        assertEquals("stopped\n", rig.stateFile("a"));
        assertEquals("stopped\n", rig.desiredFile("a"));
        assertEquals(null, rig.exports.live("a"));
        assertEquals(other, rig.exports.live("b"));
    }

    @Test
    void startingAStartedExportChangesNothing() throws Exception {
        takeUp();
        FakeExports.Run run = rig.exports.live("a");
        rig.supervisor.start(List.of("a", "a"));
        assertEquals(run, rig.exports.live("a"));
    }

    @Test
    void unknownNamesAreUsageErrors() throws Exception {
        takeUp();
        List<String> unknown = List.of("a", "nix");
        for (Refused command :
                List.<Refused>of(
                        () -> rig.supervisor.start(unknown),
                        () -> rig.supervisor.stop(unknown),
                        () -> rig.supervisor.restart(unknown),
                        () -> rig.supervisor.reload(unknown),
                        () -> rig.supervisor.status(unknown),
                        () -> rig.supervisor.startWith("../x", "0.9 /dev/x"))) {
            assertEquals(OperationException.Kind.USAGE, refusal(command).kind());
        }
        assertEquals("started", rig.state("a"));
    }

    @Test
    void startOfANameAddedToTheFileSinceWorks() throws Exception {
        takeUp();
        source.with("c", "0.3 /dev/c");
        rig.supervisor.start(List.of("c"));
        assertEquals("started", rig.state("c"));
    }

    @Test
    void failedStartIsReportedAndRetriedWhileTheOtherServes() throws Exception {
        rig.exports.failing.put("a", new IOException("/dev/a: no such device"));
        OperationException e = refusal(this::takeUp);
        assertEquals("a: /dev/a: no such device; next try in 1.0 s", e.getMessage());
        assertEquals(OperationException.Kind.REFUSED, e.kind());
        assertEquals("crashed", rig.state("a"));
        assertEquals("crashed\n", rig.stateFile("a"));
        assertEquals("/dev/a: no such device", rig.row("a").get("last_error"));
        FakeExports.Run other = rig.exports.live("b");

        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals("crashed", rig.state("a"));
        rig.exports.failing.clear();
        rig.clock.advance(Duration.ofMillis(1999));
        assertEquals("crashed", rig.state("a"));
        rig.clock.advance(Duration.ofMillis(1));
        assertEquals("started", rig.state("a"));
        assertEquals(2L, rig.row("a").get("restarts"));
        assertEquals(other, rig.exports.live("b"));
    }

    @Test
    void errorsThrownByAStartHurtOnlyThatExport() throws Exception {
        for (Error error :
                List.of(
                        new StackOverflowError(),
                        new OutOfMemoryError("x"),
                        new AssertionError("y"))) {
            rig.exports.throwing.put("a", error);
            OperationException e = refusal(() -> startAgain("a"));
            assertTrue(e.getMessage().contains(error.toString()), e.getMessage());
            assertEquals("started", rig.state("b"));
        }
    }

    private void startAgain(String name) throws OperationException {
        rig.supervisor.start(List.of());
        rig.supervisor.stop(List.of(name));
        rig.supervisor.start(List.of(name));
    }

    @Test
    void crashOfARunningExportIsRetriedThenGivenUpAndAManualStartResets() throws Exception {
        takeUp();
        for (int crash = 0; crash < 3; crash++) {
            rig.exports.live("a").end(new AssertionError("bug"));
            assertEquals("crashed", rig.state("a"));
            rig.clock.advance(Duration.ofSeconds(8));
            assertEquals("started", rig.state("a"));
        }
        rig.exports.live("a").end(new AssertionError("bug"));
        assertEquals("failed", rig.state("a"));
        rig.clock.advance(Duration.ofHours(1));
        assertEquals("failed", rig.state("a"));
        assertEquals("started", rig.state("b"));

        rig.supervisor.start(List.of("a"));
        assertEquals("started", rig.state("a"));
        rig.exports.live("a").end(null);
        assertEquals("ended without being asked to", rig.row("a").get("last_error"));
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals("started", rig.state("a"));
    }

    @Test
    void stopOfACrashedExportEndsTheRetries() throws Exception {
        takeUp();
        rig.exports.live("a").end(new IOException("gone"));
        rig.supervisor.stop(List.of("a"));
        rig.clock.advance(Duration.ofHours(1));
        assertEquals("stopped", rig.state("a"));
        assertEquals(0, rig.clock.pendingTimers());
    }

    @Test
    void lineGivenByCommandReplacesTheConfiguredOne() throws Exception {
        takeUp();
        rig.supervisor.startWith("a", "7.7 /dev/other");
        assertEquals("e7.7", rig.row("a").get("address"));
        assertEquals("running \"7.7 /dev/other\"\n", rig.desiredFile("a"));
        FakeExports.Run run = rig.exports.live("a");
        rig.supervisor.startWith("a", "7.7 /dev/other");
        assertEquals(run, rig.exports.live("a"), "the same line changes nothing");
        rig.supervisor.start(List.of("a"));
        assertEquals("e7.7", rig.row("a").get("address"), "a start keeps what runs");
        rig.supervisor.stop(List.of("a"));
        rig.supervisor.start(List.of("a"));
        assertEquals("e0.1", rig.row("a").get("address"), "a fresh start is by the file");
    }

    @Test
    void exportThatOnlyTheCommandKnowsCanBeStoppedAndStarted() throws Exception {
        takeUp();
        rig.supervisor.startWith("c", "7.7 /dev/c");
        rig.supervisor.stop(List.of("c"));
        rig.supervisor.start(List.of("c"));
        assertEquals("started", rig.state("c"));
    }

    @Test
    void brokenLineIsRefusedAndTheExportRunsOn() throws Exception {
        takeUp();
        FakeExports.Run run = rig.exports.live("a");
        OperationException e = refusal(() -> rig.supervisor.startWith("a", "x"));
        assertEquals("conf:3: \"x\", expected two words", e.getMessage());
        assertEquals(run, rig.exports.live("a"));
        assertFalse(Files.exists(directory.resolve("desired/a")));
    }

    @Test
    void addressThatAnotherExportServesIsRefused() throws Exception {
        takeUp();
        OperationException e = refusal(() -> rig.supervisor.startWith("c", "0.1 /dev/c"));
        assertEquals("c: e0.1 on veth0 is served by a", e.getMessage());
        assertThrows(OperationException.class, () -> rig.row("c"));
        rig.supervisor.stop(List.of("a"));
        rig.supervisor.startWith("c", "0.1 /dev/c");
        e = refusal(() -> rig.supervisor.start(List.of("a")));
        assertEquals("a: e0.1 on veth0 is served by c", e.getMessage());
    }

    @Test
    void shutdownStopsAllAndRemovesWhatItShowed() throws Exception {
        takeUp();
        rig.supervisor.shutdown();
        assertTrue(rig.supervisor.ended().isDone());
        assertEquals(null, rig.exports.live("a"));
        try (var left = Files.list(directory)) {
            assertEquals(0, left.filter(file -> file.toString().endsWith(".state")).count());
        }
        assertTrue(refusal(() -> rig.row("a")).getMessage().contains("shutting down"));
    }

    @Test
    void brokenConfigurationPreventsTheStartAndFreesTheDirectory() throws Exception {
        rig.close();
        source.mistake = "bad";
        ConfigException e = assertThrows(ConfigException.class, this::open);
        assertEquals("conf:3: bad", e.getMessage());
        source.mistake = "";
        open();
        takeUp();
    }
}
