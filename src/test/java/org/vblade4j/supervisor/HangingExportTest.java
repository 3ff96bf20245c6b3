// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What takes its time, seen without the waiting that {@link Supervisor} adds. */
class HangingExportTest {
    @TempDir Path directory;
    private final VirtualScheduler clock = new VirtualScheduler();
    private final FakeExports exports = new FakeExports();
    private Fleet fleet;
    private ManagedExport a;
    private ManagedExport b;

    @BeforeEach
    void takeUp() throws Exception {
        FakeSource source = new FakeSource().with("a", "0.1 /dev/a").with("b", "0.2 /dev/b");
        fleet = new Fleet(StateDirectory.open(directory), source, exports, clock, Rig.TIMEOUTS);
        fleet.takeUp();
        a = fleet.exports().get("a");
        b = fleet.exports().get("b");
    }

    private static String complaint(CompletableFuture<Optional<String>> outcome) {
        assertTrue(outcome.isDone());
        return outcome.join().orElse("");
    }

    @Test
    void stopOfAnExportWhoseStartFailsMeanwhileSucceeds() {
        assertEquals("", complaint(a.stop()));
        exports.startsHang = true;
        exports.stopsHang = true;
        CompletableFuture<Optional<String>> started = a.start();
        CompletableFuture<Optional<String>> stopped = a.stop();
        assertEquals("stopped before it was up", complaint(started));
        exports.live("a").end(new IOException("no such device"));
        assertEquals("", complaint(stopped));
        assertEquals(ExportState.STOPPED, a.state());
        assertEquals("no such device", a.lastError());
    }

    @Test
    void startThatHangsIsReportedAndMaySucceedLater() {
        assertEquals("", complaint(a.stop()));
        exports.startsHang = true;
        CompletableFuture<Optional<String>> started = a.start();
        CompletableFuture<Optional<String>> again = a.start();
        clock.advance(Duration.ofMillis(29_999));
        assertFalse(started.isDone());
        assertEquals(ExportState.STARTED, b.state());
        assertEquals("", complaint(b.stop()), "others are served meanwhile");
        clock.advance(Duration.ofMillis(1));
        assertEquals("not up within 30 s, still starting", complaint(started));
        assertEquals("not up within 30 s, still starting", complaint(again));

        CompletableFuture<Optional<String>> third = a.start();
        exports.live("a").serve();
        assertEquals("", complaint(third));
        assertEquals(ExportState.STARTED, a.state());
    }

    @Test
    void stopThatHangsIsReportedWithItsReasonAndNothingStartsBesideIt() {
        exports.stopsHang = true;
        FakeExports.Run run = exports.live("a");
        CompletableFuture<Optional<String>> stopped = a.stop();
        assertTrue(run.stopAsked);
        clock.advance(Duration.ofMillis(9_999));
        assertFalse(stopped.isDone());
        run.waitingFor = "20 requests in progress on /dev/a since noon";
        clock.advance(Duration.ofMillis(1));
        String reason = "waiting for 20 requests in progress on /dev/a since noon";
        assertEquals("still stopping after 10 s: " + reason, complaint(stopped));
        assertEquals("still stopping after 10 s: " + reason, a.lastError());
        assertEquals(ExportState.STOPPING, a.state());

        CompletableFuture<Optional<String>> started = a.start();
        assertEquals(run, exports.live("a"));
        clock.advance(Duration.ofSeconds(30));
        assertEquals("still stopping after 40 s: " + reason, complaint(started));

        run.end(null);
        assertEquals(ExportState.STARTED, a.state(), "wanted, so it runs once it can");
    }

    @Test
    void threadThatHangsInACallCannotSayWhatItWaitsFor() {
        exports.stopsHang = true;
        CompletableFuture<Optional<String>> stopped = a.stop();
        clock.advance(Duration.ofSeconds(10));
        assertEquals(
                "still stopping after 10 s: its thread waits in a call to /dev/a",
                complaint(stopped));
    }

    @Test
    void stopDuringAStartEndsBoth() {
        assertEquals("", complaint(a.stop()));
        exports.startsHang = true;
        exports.stopsHang = true;
        CompletableFuture<Optional<String>> started = a.start();
        CompletableFuture<Optional<String>> stopped = a.stop();
        assertEquals("stopped before it was up", complaint(started));
        exports.live("a").serve();
        assertEquals(ExportState.STOPPING, a.state(), "too late");
        exports.live("a").end(null);
        assertEquals("", complaint(stopped));
        assertEquals(ExportState.STOPPED, a.state());
    }

    @Test
    void failureDuringAStopIsReportedWithTheStop() {
        exports.stopsHang = true;
        CompletableFuture<Optional<String>> stopped = a.stop();
        exports.live("a").end(new IOException("flush: EIO"));
        assertEquals("stopped, but: flush: EIO", complaint(stopped));
        assertEquals(ExportState.STOPPED, a.state());
        assertEquals("flush: EIO", a.lastError());
    }

    @Test
    void restartWaitsForTheOldRunAndLateWordsOfItChangeNothing() {
        exports.stopsHang = true;
        exports.startsHang = true;
        FakeExports.Run old = exports.live("a");
        CompletableFuture<Optional<String>> restarted = a.restart();
        old.end(null);
        assertEquals(ExportState.STARTING, a.state());
        old.serve();
        assertEquals(ExportState.STARTING, a.state());
        exports.live("a").serve();
        assertEquals("", complaint(restarted));
    }

    @Test
    void endOfTheSupervisorDoesNotWaitForEverForAHangingExport() {
        exports.stopsHang = true;
        CompletableFuture<List<String>> ended = new Commands(fleet).end();
        exports.live("b").end(null);
        clock.advance(Duration.ofMillis(9_999));
        assertFalse(ended.isDone());
        clock.advance(Duration.ofMillis(1));
        assertEquals(
                List.of("a: still stopping after 10 s: its thread waits in a call to /dev/a"),
                ended.join());
        assertNull(exports.live("b"));
    }
}
