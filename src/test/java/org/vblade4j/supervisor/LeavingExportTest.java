// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.control.OperationException;

/** An export that was removed from the configuration while its disk hangs. */
class LeavingExportTest {
    @TempDir Path directory;
    private final VirtualScheduler clock = new VirtualScheduler();
    private final FakeExports exports = new FakeExports();
    private final FakeSource source =
            new FakeSource().with("a", "0.1 /dev/a").with("b", "0.2 /dev/b");
    private Fleet fleet;
    private Commands commands;
    private FakeExports.Run run;

    @BeforeEach
    void remove() throws Exception {
        fleet = new Fleet(StateDirectory.open(directory), source, exports, clock, Rig.TIMEOUTS);
        fleet.takeUp();
        commands = new Commands(fleet);
        assertTrue(commands.start(List.of("a")).isDone());
        assertTrue(Files.exists(desired()));
        exports.stopsHang = true;
        run = exports.live("a");
        source.lines.remove("a");
        CompletableFuture<List<Map<String, Object>>> reload = commands.reload(List.of());
        clock.advance(Duration.ofSeconds(10));
        assertTrue(reload.isCompletedExceptionally(), "told that it hangs");
    }

    private Path desired() {
        return directory.resolve("desired/a");
    }

    private List<Object> names() throws OperationException {
        return commands.status(List.of()).stream().map(row -> row.get("name")).toList();
    }

    @Test
    void isShownWhileItStopsAndForgottenWhenItIsGone() throws Exception {
        assertFalse(Files.exists(desired()), "a successor must not start it");
        assertEquals(List.of("b", "a"), names());
        assertEquals("stopping", commands.status(List.of("a")).get(0).get("state"));
        run.end(null);
        assertEquals(List.of("b"), names());
        assertFalse(Files.exists(directory.resolve("a.state")));
    }

    @Test
    void cannotBeStartedAgainWhileNobodyConfiguresIt() throws Exception {
        List<String> a = List.of("a");
        assertRefused(assertThrows(OperationException.class, () -> commands.start(a)));
        assertRefused(assertThrows(OperationException.class, () -> commands.restart(a)));
        assertRefused(assertThrows(OperationException.class, () -> commands.reload(a)));
        run.end(null);
        assertNull(exports.live("a"));
    }

    private static void assertRefused(OperationException refusal) {
        assertEquals("no such export: a", refusal.getMessage());
    }

    @Test
    void mayBeStoppedAgainWhichLeavesNoTrace() throws Exception {
        CompletableFuture<Void> stopped = commands.stop(List.of("a"));
        run.end(null);
        assertTrue(stopped.isDone() && !stopped.isCompletedExceptionally());
        assertFalse(Files.exists(desired()));
        assertEquals(List.of("b"), names());
    }

    @Test
    void reloadsMeanwhileChangeNothing() throws Exception {
        assertTrue(commands.reload(List.of()).isDone());
        assertEquals(run, exports.live("a"));
        run.end(null);
        assertEquals(List.of("b"), names());
    }

    @Test
    void comesBackWithItsNewLineWhenItIsConfiguredAgain() throws Exception {
        source.with("a", "0.3 /dev/c");
        CompletableFuture<List<Map<String, Object>>> reload = commands.reload(List.of());
        assertFalse(reload.isDone());
        assertEquals(run, exports.live("a"), "two runs would serve one disk");
        run.end(null);
        assertTrue(reload.isDone());
        assertEquals("e0.3", exports.live("a").spec.address().toString());
        assertEquals(List.of("b", "a"), names());
    }

    @Test
    void comesBackWithALineGivenByCommand() throws Exception {
        CompletableFuture<Void> started = commands.startWith("a", "0.4 /dev/d");
        assertEquals(run, exports.live("a"));
        run.end(null);
        assertTrue(started.isDone());
        assertEquals("e0.4", exports.live("a").spec.address().toString());
    }

    @Test
    void keepsItsAddressUntilItIsGone() throws Exception {
        OperationException refusal =
                assertThrows(OperationException.class, () -> commands.startWith("c", "0.1 /dev/x"));
        assertTrue(refusal.getMessage().contains("is served by a"), refusal.getMessage());
        assertEquals(List.of("b", "a"), names());
    }

    @Test
    void doesNotKeepTheSupervisorFromEnding() {
        exports.stopsHang = false;
        CompletableFuture<List<String>> ended = commands.end();
        clock.advance(Duration.ofSeconds(10));
        assertTrue(ended.isDone());
        assertEquals(1, ended.join().size());
    }
}
