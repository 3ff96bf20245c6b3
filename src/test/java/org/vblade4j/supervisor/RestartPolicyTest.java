// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.config.RestartSettings;

class RestartPolicyTest {
    /** Delays in ms; -1 stands for giving up. */
    record Row(String desc, long delayMs, int max, long periodMs, List<Integer> delaysMs) {
        @Override
        public String toString() {
            return desc;
        }

        RestartSettings settings() {
            return new RestartSettings(
                    Duration.ofMillis(delayMs), max, Duration.ofMillis(periodMs));
        }
    }

    static Stream<Row> crashLoops() {
        return Stream.of(
                new Row(
                        "delay doubles, then given up after max restarts",
                        1000,
                        3,
                        60_000,
                        List.of(1000, 2000, 4000, -1)),
                new Row(
                        "defaults reach their limit within the period",
                        1000,
                        10,
                        120_000,
                        List.of(
                                1000, 2000, 4000, 8000, 12_000, 12_000, 12_000, 12_000, 12_000,
                                12_000, -1)),
                new Row(
                        "without a limit the delay stops at 30 s and the window slides",
                        4000,
                        0,
                        300_000,
                        List.of(4000, 8000, 16_000, 30_000, 30_000, 30_000)),
                new Row(
                        "a delay above the cap is kept",
                        45_000,
                        0,
                        300_000,
                        List.of(45_000, 45_000, 45_000)),
                new Row(
                        "no delay means one restart at once, then a short one",
                        0,
                        0,
                        60_000,
                        List.of(0, 200, 400, 800)),
                new Row(
                        "a crash counts no more after its period",
                        2000,
                        2,
                        1000,
                        List.of(2000, 2000, 2000, 2000)),
                new Row("one restart only", 1000, 1, 60_000, List.of(1000, -1)));
    }

    @ParameterizedTest
    @MethodSource("crashLoops")
    void crashesRightAfterEachRestart(Row row) {
        RestartPolicy policy = new RestartPolicy();
        long nowNs = -5; // nanoTime may be negative
        List<Integer> delaysMs = new ArrayList<>();
        for (int i = 0; i < row.delaysMs().size(); i++) {
            Optional<Duration> delay = policy.afterCrash(nowNs, row.settings());
            delaysMs.add((int) delay.map(Duration::toMillis).orElse(-1L).longValue());
            nowNs += delay.map(Duration::toNanos).orElse(0L);
        }
        assertEquals(row.delaysMs(), delaysMs);
    }

    @Test
    void longRunBetweenCrashesBringsBackTheFirstDelay() {
        RestartPolicy policy = new RestartPolicy();
        RestartSettings settings = FakeSource.RESTART;
        assertEquals(Optional.of(Duration.ofSeconds(1)), policy.afterCrash(0, settings));
        assertEquals(Optional.of(Duration.ofSeconds(2)), policy.afterCrash(1, settings));
        long laterNs = settings.period().toNanos() + 1;
        assertEquals(Optional.of(Duration.ofSeconds(1)), policy.afterCrash(laterNs, settings));
    }

    @Test
    void resetForgetsEverything() {
        RestartPolicy policy = new RestartPolicy();
        for (int i = 0; i < 10; i++) {
            policy.afterCrash(0, FakeSource.RESTART);
        }
        assertTrue(policy.afterCrash(0, FakeSource.RESTART).isEmpty());
        policy.reset();
        assertEquals(Optional.of(Duration.ofSeconds(1)), policy.afterCrash(0, FakeSource.RESTART));
    }

    @Property
    void limitIsAlwaysReachedByACrashLoopAndNeverExceeded(
            @ForAll @IntRange(max = 120_000) int delayMs,
            @ForAll @IntRange(min = 1, max = 50) int max,
            @ForAll @IntRange(min = 1, max = 600_000) int periodMs) {
        RestartSettings settings =
                new RestartSettings(Duration.ofMillis(delayMs), max, Duration.ofMillis(periodMs));
        RestartPolicy policy = new RestartPolicy();
        long nowNs = 0;
        boolean fits = (long) delayMs * max < periodMs;
        for (int restarts = 0; restarts < max; restarts++) {
            Optional<Duration> delay = policy.afterCrash(nowNs, settings);
            assertTrue(delay.isPresent(), "given up after " + restarts);
            assertTrue(delay.get().toMillis() >= delayMs);
            nowNs += delay.get().toNanos();
        }
        if (fits) {
            assertTrue(policy.afterCrash(nowNs, settings).isEmpty(), "never given up");
        }
    }
}
