// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hours on a clock of the test's own. */
class LongWaitTest {
    private static final Logger LOGGER = Logger.getLogger(LongWait.class.getName());
    private static final long SECOND_NS = 1_000_000_000L;
    private static final Instant START = Instant.parse("2026-11-28T05:45:54.7Z");

    private final List<String> shown = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private long nowNs = 77;
    private int steps;
    private final LongWait waits =
            new LongWait(
                    "a",
                    () -> nowNs,
                    () -> START.plusNanos(nowNs - 77),
                    pauseNs -> nowNs += pauseNs,
                    shown::add);

    private final Handler log =
            new Handler() {
                @Override
                public void publish(LogRecord line) {
                    logged.add(
                            line.getLevel()
                                    + " "
                                    + java.text.MessageFormat.format(
                                            line.getMessage(), line.getParameters()));
                }

                @Override
                public void flush() {}

                @Override
                public void close() {}
            };

    @BeforeEach
    void listen() {
        LOGGER.setUseParentHandlers(false);
        LOGGER.addHandler(log);
    }

    @AfterEach
    void leave() {
        LOGGER.removeHandler(log);
        LOGGER.setUseParentHandlers(true);
    }

    private boolean doneAt(long ns) {
        assertTrue(++steps < 1_000_000, "it spins");
        return nowNs - 77 >= ns;
    }

    @Test
    void whatIsDoneIsNotWaitedFor() {
        waits.until(() -> doneAt(0), () -> "x");
        assertEquals(1, steps);
        assertEquals(77, nowNs);
    }

    @Test
    void aShortWaitIsNotWorthAWordAndEndsSoon() {
        waits.until(() -> doneAt(SECOND_NS / 2), () -> "x");
        assertTrue(nowNs - 77 < SECOND_NS * 6 / 10, () -> nowNs + " ns");
        assertEquals(List.of(), shown);
        assertEquals(List.of(), logged);
    }

    @Test
    void aLongOneIsShownWithItsBeginningAndLoggedOnce() {
        int[] left = {20};
        waits.until(
                () -> doneAt(3600 * SECOND_NS),
                () -> (nowNs > 3000 * SECOND_NS ? left[0] - 1 : left[0]) + " requests");
        assertEquals("20 requests since 2026-11-28T05:45:54Z", shown.get(0));
        assertEquals("19 requests since 2026-11-28T05:45:54Z", shown.get(shown.size() - 1));
        assertEquals(
                List.of(
                        "WARNING a: waiting for 20 requests since 2026-11-28T05:45:54Z",
                        "INFO a: waited 3600 s"),
                logged);
        assertTrue(steps < 37_000, () -> "ten looks a second cost nothing; these were " + steps);
    }
}
