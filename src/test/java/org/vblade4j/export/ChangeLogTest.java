// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.target.Change;
import org.vblade4j.target.StateImage;
import org.vblade4j.target.StateKeeper;
import org.vblade4j.wire.AoeAddress;

/** What waits while the thread that keeps and logs changes is held up. */
@Timeout(60)
class ChangeLogTest {
    private static final long STATION = 0x0200_0000_000aL;
    private static final Logger LOG = Logger.getLogger(ChangeLog.class.getName());

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final ChangeLog changes = ChangeLog.keepingNothing();

    private final Handler recorder =
            new Handler() {
                @Override
                public void publish(LogRecord logged) {
                    lines.add(new SimpleFormatter().formatMessage(logged));
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void record() {
        LOG.addHandler(recorder);
    }

    @AfterEach
    void release() {
        held.countDown();
        LOG.removeHandler(recorder);
    }

    private StateKeeper keeper(String name, Runnable finished) {
        ExportSpec spec =
                new ExportSpec(
                        name,
                        new AoeAddress(1, 1),
                        "lan",
                        Path.of("/dev/null"),
                        ExportOptions.DEFAULTS,
                        new Origin("test", 1));
        return changes.keeper(spec, finished);
    }

    private static Change change(String config) {
        StateImage after = new StateImage(config, List.of(), List.of());
        return new Change(Change.Kind.CONFIG_STRING, STATION, StateImage.EMPTY, after);
    }

    private void hold() {
        CountDownLatch begun = new CountDownLatch(1);
        keeper("holder", () -> awaitQuietly(begun)).begin(change("hold"));
        begun.countDown();
    }

    private void awaitQuietly(CountDownLatch begun) {
        try {
            begun.await();
            held.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aChangeWaitsForTheThreadAlsoWhereNothingIsKept() throws Exception {
        hold();
        CountDownLatch finished = new CountDownLatch(1);
        StateKeeper keeper = keeper("a", finished::countDown);
        keeper.begin(change("x"));
        assertEquals(StateKeeper.Outcome.PENDING, keeper.outcome());
        held.countDown();
        assertTrue(finished.await(20, TimeUnit.SECONDS));
        assertEquals(StateKeeper.Outcome.KEPT, keeper.outcome());
    }

    @Test
    void ofRefusalsOneNoticeWaitsAndTheRestIsCounted() throws Exception {
        hold();
        CountDownLatch finished = new CountDownLatch(1);
        StateKeeper keeper = keeper("a", finished::countDown);
        for (int i = 0; i < 1000; i++) {
            keeper.refused(Change.Kind.MAC_MASK, STATION, i == 0 ? 0 : 2);
        }
        keeper.begin(change("last"));
        held.countDown();
        assertTrue(finished.await(20, TimeUnit.SECONDS));
        assertEquals(
                List.of("a: 02:00:00:00:00:0a may not change the MAC mask; 2997 more were refused"),
                lines.stream().filter(line -> line.contains(" may not ")).toList());
    }

    @Test
    void aLineIsShortHoweverMuchWasChanged() throws Exception {
        CountDownLatch finished = new CountDownLatch(1);
        StateKeeper keeper = keeper("a", () -> {});
        keeper.begin(change("\u0001".repeat(1024)));
        keeper("b", finished::countDown).begin(change("after it"));
        assertTrue(finished.await(20, TimeUnit.SECONDS));
        String line = lines.get(0);
        assertTrue(line.endsWith("\\x01\" and 960 more bytes"), line);
        assertTrue(line.length() < 400, line);
    }
}
