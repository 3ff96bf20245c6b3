// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.metrics.Counters;
import org.vblade4j.target.StationActivity;

/** Runs that do what a test says; by default they start and stop at once. */
final class FakeExports implements Supervised.Factory {
    /** How often it was told to hurry. */
    int hurries;

    /** What the next start of an export does instead of serving. */
    final Map<String, Throwable> failing = new HashMap<>();

    final Map<String, Error> throwing = new HashMap<>();
    final List<String> log = new ArrayList<>();
    boolean startsHang;
    boolean stopsHang;
    private final Map<String, Run> live = new HashMap<>();

    final class Run implements Supervised {
        final ExportSpec spec;
        private final Listener listener;
        boolean serving;
        boolean stopAsked;

        /** What its thread says it waits for. */
        String waitingFor = "";

        private Run(ExportSpec spec, Listener listener) {
            this.spec = spec;
            this.listener = listener;
        }

        void serve() {
            serving = true;
            listener.started();
        }

        void end(Throwable cause) {
            log.add("end " + spec.name());
            live.remove(spec.name());
            listener.ended(cause);
        }

        @Override
        public void stop() {
            stopAsked = true;
            if (!stopsHang) {
                end(null);
            }
        }

        @Override
        public Optional<ExportStatus> status() {
            return serving
                    ? Optional.of(
                            new ExportStatus(
                                    8192,
                                    "O_RDWR",
                                    "cached",
                                    "sync",
                                    0x02_00_00_00_00_14L,
                                    1500,
                                    1,
                                    50,
                                    waitingFor,
                                    0,
                                    counters))
                    : Optional.empty();
        }

        @Override
        public List<StationActivity> activities() {
            return serving
                    ? List.of(
                            new StationActivity(
                                    0x02_00_00_00_00_0aL,
                                    60_000_000_000L,
                                    0,
                                    1,
                                    2,
                                    4,
                                    3,
                                    6,
                                    0,
                                    0,
                                    0))
                    : List.of();
        }

        final Counters counters = new Counters();
    }

    @Override
    public void hurry() {
        hurries++;
    }

    @Override
    public Supervised start(
            ExportSpec spec, DaemonSettings settings, Supervised.Listener listener) {
        String name = spec.name();
        if (throwing.containsKey(name)) {
            throw throwing.get(name);
        }
        Run run = new Run(spec, listener);
        assertEquals(null, live.put(name, run), "two runs of one export");
        log.add("run " + name + " " + spec.address());
        if (failing.containsKey(name)) {
            run.end(failing.get(name));
        } else if (!startsHang) {
            run.serve();
        }
        return run;
    }

    Run live(String name) {
        return live.get(name);
    }
}
