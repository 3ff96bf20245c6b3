// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any order of commands, ends and time, against a model that knows only what was asked last. */
class RandomCommandsTest {
    private static final Logger NOISE = Logger.getLogger(ManagedExport.class.getName());

    @BeforeContainer
    static void silence() {
        NOISE.setLevel(Level.OFF);
    }

    @AfterContainer
    static void speak() {
        NOISE.setLevel(null);
    }

    enum Action {
        START,
        STOP,
        RESTART,
        SERVE,
        END_CLEAN,
        END_BADLY,
        WAIT
    }

    record Step(Action action, String name, int seconds) {}

    private static final Set<ExportState> WITH_RUN =
            Set.of(ExportState.STARTING, ExportState.STARTED, ExportState.STOPPING);

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(Action.class),
                        Arbitraries.of("a", "b", "c"),
                        Arbitraries.integers().between(0, 40))
                .as(Step::new)
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 200)
    void exportsEndWhereTheLastCommandWantsThem(@ForAll("steps") List<Step> steps)
            throws Exception {
        Path directory = Files.createTempDirectory("random-commands");
        try (StateDirectory state = StateDirectory.open(directory)) {
            new Run(state, directory).play(steps);
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static final class Run {
        private final VirtualScheduler clock = new VirtualScheduler();
        private final FakeExports fakes = new FakeExports();
        private final Map<String, Boolean> wanted = new HashMap<>();
        private final List<CompletableFuture<Optional<String>>> outcomes = new ArrayList<>();
        private final Path directory;
        private final Fleet fleet;

        Run(StateDirectory state, Path directory) throws Exception {
            this.directory = directory;
            fakes.startsHang = true;
            fakes.stopsHang = true;
            FakeSource source = new FakeSource();
            for (String name : List.of("a", "b", "c")) {
                source.with(name, "0." + (int) name.charAt(0) + " /dev/" + name);
                wanted.put(name, true);
            }
            fleet = new Fleet(state, source, fakes, clock, Rig.TIMEOUTS);
            outcomes.addAll(fleet.takeUp().values());
        }

        void play(List<Step> steps) throws IOException {
            check();
            for (Step step : steps) {
                Map<String, ExportState> before = states();
                perform(step);
                check();
                if (step.action() != Action.WAIT) {
                    before.forEach((name, old) -> untouched(name, step, old));
                }
            }
            settle();
        }

        private void untouched(String name, Step step, ExportState before) {
            if (!name.equals(step.name())) {
                assertEquals(before, fleet.exports().get(name).state(), name + " by " + step);
            }
        }

        private Map<String, ExportState> states() {
            Map<String, ExportState> states = new HashMap<>();
            fleet.exports().forEach((name, export) -> states.put(name, export.state()));
            return states;
        }

        private void perform(Step step) {
            ManagedExport export = fleet.exports().get(step.name());
            FakeExports.Run live = fakes.live(step.name());
            switch (step.action()) {
                case START -> {
                    wanted.put(step.name(), true);
                    outcomes.add(fleet.start(export));
                }
                case STOP -> {
                    wanted.put(step.name(), false);
                    outcomes.add(export.stop());
                }
                case RESTART -> {
                    wanted.put(step.name(), true);
                    outcomes.add(export.restart());
                }
                case WAIT -> clock.advance(Duration.ofSeconds(step.seconds()));
                default -> finish(step.action(), live);
            }
        }

        private void finish(Action action, FakeExports.Run live) {
            if (live == null) {
                return;
            }
            switch (action) {
                case SERVE -> live.serve();
                case END_CLEAN -> live.end(null);
                default -> live.end(new IOException("broken"));
            }
        }

        private void check() throws IOException {
            for (ManagedExport export : fleet.exports().values()) {
                String name = export.name();
                boolean runs = fakes.live(name) != null;
                assertEquals(runs, WITH_RUN.contains(export.state()), name + " " + export.state());
                assertEquals(wanted.get(name), export.wanted(), name);
                if (!export.wanted()) {
                    assertTrue(
                            Set.of(ExportState.STOPPED, ExportState.STOPPING)
                                    .contains(export.state()));
                }
                assertEquals(
                        export.state().label() + "\n",
                        Files.readString(directory.resolve(name + ".state")));
            }
        }

        /** All that is asked to end ends, all that starts serves, and time passes. */
        private void settle() throws IOException {
            fakes.stopsHang = false;
            fakes.startsHang = false;
            for (String name : wanted.keySet()) {
                FakeExports.Run live = fakes.live(name);
                if (live != null && live.stopAsked) {
                    live.end(null);
                } else if (live != null && !live.serving) {
                    live.serve();
                }
            }
            clock.advance(Duration.ofMinutes(10));
            check();
            for (ManagedExport export : fleet.exports().values()) {
                if (!wanted.get(export.name())) {
                    assertEquals(ExportState.STOPPED, export.state());
                } else if (export.state() != ExportState.FAILED) {
                    assertEquals(ExportState.STARTED, export.state());
                }
            }
            outcomes.forEach(outcome -> assertTrue(outcome.isDone()));
            assertEquals(0, clock.pendingTimers());
        }
    }
}
