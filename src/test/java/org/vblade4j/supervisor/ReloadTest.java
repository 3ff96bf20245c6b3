// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.PortSettings;
import org.vblade4j.config.RestartSettings;
import org.vblade4j.control.OperationException;

@Timeout(30)
class ReloadTest {
    @TempDir Path directory;
    private final FakeSource source =
            new FakeSource()
                    .with("a", "0.1 /dev/a")
                    .with("b", "0.2 /dev/b")
                    .with("c", "0.3 /dev/c");
    private Rig rig;

    @BeforeEach
    void takeUp() throws Exception {
        rig = new Rig(directory, source);
        rig.supervisor.takeUp();
        rig.exports.log.clear();
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private String reload(String... names) throws OperationException {
        return rig.supervisor.reload(List.of(names)).stream()
                .map(row -> row.get("name") + " " + row.get("result"))
                .collect(Collectors.joining(", "));
    }

    @Test
    void mistakeAnywhereChangesNothing() throws Exception {
        source.with("a", "0.9 /dev/a");
        source.lines.remove("b");
        source.mistake = "two mistakes";
        OperationException e = assertThrows(OperationException.class, this::reload);
        assertEquals("conf:3: two mistakes", e.getMessage());
        assertThrows(OperationException.class, () -> rig.supervisor.restart(List.of("a")));
        assertEquals(List.of(), rig.exports.log);
        assertEquals("e0.1", rig.row("a").get("address"));
    }

    @Test
    void onlyWhatChangedIsTouched() throws Exception {
        source.with("b", "0.9 /dev/b").with("d", "0.4 /dev/d");
        source.lines.remove("c");
        assertEquals("a unchanged, b restarted, d started, c stopped", reload());
        assertEquals(List.of("end b", "end c", "run b e0.9", "run d e0.4"), rig.exports.log);
        assertThrows(OperationException.class, () -> rig.row("c"));
        assertFalse(Files.exists(directory.resolve("c.state")));
        assertEquals("a unchanged, b unchanged, d unchanged", reload());
    }

    @Test
    void namedReloadLeavesTheOthersAlone() throws Exception {
        source.with("a", "0.8 /dev/a").with("b", "0.9 /dev/b");
        assertEquals("b restarted", reload("b"));
        assertEquals("e0.1", rig.row("a").get("address"));
        assertEquals("a restarted, b unchanged, c unchanged", reload());
    }

    @Test
    void exportsMaySwapTheirAddresses() throws Exception {
        source.with("a", "0.2 /dev/a").with("b", "0.1 /dev/b");
        assertEquals("a restarted, b restarted, c unchanged", reload());
        assertEquals(List.of("end a", "end b", "run a e0.2", "run b e0.1"), rig.exports.log);
    }

    @Test
    void stoppedExportStaysStoppedAndStartsWithTheNewLine() throws Exception {
        rig.supervisor.stop(List.of("a"));
        source.with("a", "0.9 /dev/a");
        assertEquals("a changed, b unchanged, c unchanged", reload());
        assertEquals("stopped", rig.state("a"));
        rig.supervisor.start(List.of("a"));
        assertEquals("e0.9", rig.row("a").get("address"));
    }

    @Test
    void newExportWaitsForACommandWithoutAutostart() throws Exception {
        source.settings = new DaemonSettings(false, FakeSource.RESTART, PortSettings.DEFAULTS);
        source.with("d", "0.4 /dev/d");
        assertEquals("a unchanged, b unchanged, c unchanged, d added", reload());
        assertEquals("stopped", rig.state("d"));
        source.lines.remove("d");
        assertEquals("a unchanged, b unchanged, c unchanged, d removed", reload());
    }

    @Test
    void givenLineOutlastsAReloadUntilTheConfiguredOneChanges() throws Exception {
        rig.supervisor.startWith("a", "7.7 /dev/x");
        rig.supervisor.startWith("z", "7.8 /dev/z");
        assertEquals("a unchanged, b unchanged, c unchanged, z unchanged", reload());
        rig.supervisor.restart(List.of("a"));
        assertEquals("e7.7", rig.row("a").get("address"));
        source.with("a", "0.9 /dev/a");
        assertEquals("a restarted, b unchanged, c unchanged, z unchanged", reload());
        assertEquals("e0.9", rig.row("a").get("address"));
        assertEquals("running\n", rig.desiredFile("a"));
        assertEquals("started", rig.state("z"));
    }

    @Test
    void exportThatFailsWithItsNewLineIsNamedAndTheRestIsDone() throws Exception {
        source.with("a", "0.8 /dev/a").with("b", "0.9 /dev/b");
        rig.exports.failing.put("a", new IOException("no such device"));
        OperationException e = assertThrows(OperationException.class, this::reload);
        assertEquals("a: no such device; next try in 1.0 s", e.getMessage());
        assertEquals("e0.9", rig.row("b").get("address"));
        rig.exports.failing.clear();
        rig.clock.advance(Duration.ofSeconds(1));
        assertEquals("started", rig.state("a"));
    }

    @Test
    void settingsAreReloadedToo() throws Exception {
        RestartSettings never =
                new RestartSettings(Duration.ofSeconds(5), 1, Duration.ofMinutes(1));
        source.settings = new DaemonSettings(true, never, PortSettings.DEFAULTS);
        reload();
        rig.exports.live("a").end(new IOException("x"));
        rig.clock.advance(Duration.ofSeconds(4));
        assertEquals("crashed", rig.state("a"));
        rig.clock.advance(Duration.ofSeconds(1));
        rig.exports.live("a").end(new IOException("x"));
        assertEquals("failed", rig.state("a"));
    }

    @Test
    void restartTakesTheNewestLine() throws Exception {
        source.with("a", "0.9 /dev/a").with("b", "0.8 /dev/b").with("d", "0.4 /dev/d");
        rig.supervisor.restart(List.of("a", "d"));
        assertEquals(List.of("end a", "run a e0.9", "run d e0.4"), rig.exports.log);
        rig.supervisor.stop(List.of("c"));
        rig.exports.log.clear();
        rig.supervisor.restart(List.of());
        assertEquals(
                List.of("end a", "end b", "end d", "run a e0.9", "run b e0.8", "run d e0.4"),
                rig.exports.log);
    }
}
