// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.vblade4j.config.ExportSpec;

/**
 * The step from one configuration to the next. Decides for each export what becomes of it, then
 * stops all that must stop before it starts anything: two exports may swap their addresses.
 *
 * <p>What a running export serves comes from its configured line or from one given by command. The
 * latter stays as long as the configured line stays as it was; a line that changed wins.
 *
 * <p>Used once, on the supervisor thread.
 */
final class Change {
    private final Fleet fleet;
    private final Map<String, ExportSpec> newest;
    private final Map<String, String> results = new LinkedHashMap<>();
    private final List<ManagedExport> stopping = new ArrayList<>();
    private final List<ManagedExport> starting = new ArrayList<>();
    private final List<ManagedExport> leaving = new ArrayList<>();
    private final Outcomes outcomes = new Outcomes();

    Change(Fleet fleet, Map<String, ExportSpec> newest) {
        this.fleet = fleet;
        this.newest = newest;
    }

    /** Every export of both configurations. */
    void reloadAll() {
        Set<String> names = new LinkedHashSet<>(newest.keySet());
        names.addAll(fleet.exports().keySet());
        names.forEach(this::reload);
        fleet.configure(new LinkedHashMap<>(newest));
    }

    /** Touches the export only where its configured line changed. */
    void reload(String name) {
        ExportSpec before = fleet.configured().get(name);
        ExportSpec now = adopt(name);
        ManagedExport export = fleet.get(name);
        if (now == null) {
            results.put(name, before == null || export == null ? "unchanged" : leave(export));
        } else if (export == null) {
            results.put(name, join(fleet.add(now)));
        } else if (export.spec().sameAs(now)) {
            export.respecify(now);
            results.put(name, "unchanged");
        } else if (before != null && before.sameAs(now)) {
            results.put(name, "unchanged");
        } else {
            results.put(name, follow(export, now));
        }
    }

    /** Stops and starts it, with its configured line where that is new. */
    void restart(String name) {
        ExportSpec before = fleet.configured().get(name);
        ExportSpec now = adopt(name);
        ManagedExport export = fleet.get(name);
        if (now == null && before != null) {
            results.put(name, leave(export));
            return;
        }
        if (export == null) {
            export = fleet.add(now);
        }
        boolean keepsLine =
                now == null || (export.wanted() && before != null && before.sameAs(now));
        if (!keepsLine) {
            export.respecify(now);
        }
        record(export, keepsLine);
        cycle(export);
        results.put(name, "restarted");
    }

    private void record(ManagedExport export, boolean keepsLine) {
        Optional<String> line =
                keepsLine ? fleet.desired(export.name()).flatMap(Desired::line) : Optional.empty();
        outcomes.put(export.name(), fleet.record(export.name(), new Desired(true, line)));
    }

    private ExportSpec adopt(String name) {
        ExportSpec now = newest.get(name);
        if (now == null) {
            fleet.configured().remove(name);
        } else {
            fleet.configured().put(name, now);
        }
        return now;
    }

    private String leave(ManagedExport export) {
        leaving.add(export);
        boolean runs = export.wanted() || export.occupied();
        if (runs) {
            stopping.add(export);
        }
        return runs ? "stopped" : "removed";
    }

    private String join(ManagedExport added) {
        boolean wanted = fleet.desired(added.name()).map(Desired::running).orElse(true);
        if (wanted && fleet.settings().autostart()) {
            starting.add(added);
            return "started";
        }
        return "added";
    }

    private String follow(ManagedExport export, ExportSpec now) {
        export.respecify(now);
        if (!export.wanted()) {
            return "changed";
        }
        record(export, false);
        cycle(export);
        return "restarted";
    }

    private void cycle(ManagedExport export) {
        stopping.add(export);
        starting.add(export);
    }

    /** Rows of name and result; fails when an export did not come where it should be. */
    CompletableFuture<List<Map<String, Object>>> apply() {
        stopping.forEach(export -> outcomes.put(export.name(), export.stop()));
        leaving.forEach(fleet::dismiss);
        return outcomes.settled()
                .thenCompose(
                        nothing -> {
                            starting.forEach(this::start);
                            return outcomes.all();
                        })
                .thenApply(nothing -> rows());
    }

    /**
     * Unless an operator stopped it while the others were waited for. The next run of one that has
     * not come to its stop starts by itself when that is over; enough has been waited for it.
     */
    private void start(ManagedExport export) {
        if (fleet.desired(export.name()).map(Desired::running).orElse(true)) {
            boolean later = stopping.contains(export) && export.occupied();
            CompletableFuture<Optional<String>> outcome = fleet.start(export);
            if (later && !outcome.isDone()) {
                outcomes.put(export.name(), Optional.of("starts when that is over"));
            } else {
                outcomes.put(export.name(), outcome);
            }
        }
    }

    private List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        results.forEach(
                (name, result) -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("name", name);
                    row.put("result", result);
                    rows.add(row);
                });
        return rows;
    }
}
