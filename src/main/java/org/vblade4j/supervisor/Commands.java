// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.ExportsText;
import org.vblade4j.control.OperationException;

/** What operators ask, carried out on the fleet. Supervisor thread only; nothing here waits. */
final class Commands {
    private final Fleet fleet;

    Commands(Fleet fleet) {
        this.fleet = fleet;
    }

    CompletableFuture<Void> start(List<String> names) throws OperationException {
        adopt(names);
        Outcomes outcomes = new Outcomes();
        for (ManagedExport export : chosen(names, fleet.configured().keySet())) {
            outcomes.put(export.name(), fleet.record(export.name(), wish(export)));
            outcomes.put(export.name(), start(export));
        }
        return outcomes.all();
    }

    /** A stopped export goes back to its configured line; a running one keeps what it has. */
    private CompletableFuture<Optional<String>> start(ManagedExport export) {
        ExportSpec configured = fleet.configured().get(export.name());
        if (!export.wanted() && !export.occupied() && configured != null) {
            export.respecify(configured);
        }
        return fleet.start(export);
    }

    private Desired wish(ManagedExport export) {
        Optional<Desired> before = fleet.desired(export.name());
        boolean keepsLine =
                !fleet.configured().containsKey(export.name())
                        || before.map(Desired::running).orElse(false);
        return new Desired(true, keepsLine ? before.flatMap(Desired::line) : Optional.empty());
    }

    /** Takes unknown names from the files: they may have been added since the last reload. */
    private void adopt(List<String> names) throws OperationException {
        List<String> unknown = names.stream().filter(name -> fleet.get(name) == null).toList();
        if (unknown.isEmpty()) {
            return;
        }
        Map<String, ExportSpec> specs = Fleet.byName(load());
        requireConfigured(unknown, specs);
        for (String name : unknown) {
            fleet.configured().put(name, specs.get(name));
            fleet.add(specs.get(name));
        }
    }

    CompletableFuture<Void> startWith(String name, String line) throws OperationException {
        if (!StateDirectory.isName(name)) {
            throw usage("\"" + name + "\" cannot name an export, expected letters, digits and _");
        }
        ExportSpec spec = parse(name, line);
        ManagedExport known = fleet.get(name);
        ManagedExport export = known == null ? fleet.add(spec) : known;
        boolean differs = !export.spec().sameAs(spec);
        ExportSpec before = export.spec();
        export.respecify(spec);
        Optional<String> rival = fleet.rival(export);
        if (rival.isPresent()) {
            export.respecify(before);
            if (known == null) {
                fleet.dismiss(export);
            }
            throw refused(name + ": " + rival.get());
        }
        Outcomes outcomes = new Outcomes();
        outcomes.put(name, fleet.record(name, Desired.runningWith(line)));
        outcomes.put(name, differs ? export.restart() : export.start());
        return outcomes.all();
    }

    CompletableFuture<Void> stop(List<String> names) throws OperationException {
        Outcomes outcomes = new Outcomes();
        for (ManagedExport export : chosen(names, fleet.exports().keySet())) {
            Optional<String> line =
                    fleet.configured().containsKey(export.name())
                            ? Optional.empty()
                            : fleet.desired(export.name()).flatMap(Desired::line);
            if (fleet.get(export.name()) != null) {
                outcomes.put(export.name(), fleet.record(export.name(), new Desired(false, line)));
            }
            outcomes.put(export.name(), export.stop());
        }
        return outcomes.all();
    }

    CompletableFuture<Void> restart(List<String> names) throws OperationException {
        Map<String, ExportSpec> newest = Fleet.byName(load());
        requireConfigured(names, newest);
        Collection<String> chosen =
                names.isEmpty()
                        ? fleet.exports().values().stream()
                                .filter(ManagedExport::wanted)
                                .map(ManagedExport::name)
                                .toList()
                        : names;
        Change change = new Change(fleet, newest);
        chosen.forEach(change::restart);
        return change.apply().thenApply(rows -> null);
    }

    CompletableFuture<List<Map<String, Object>>> reload(List<String> names)
            throws OperationException {
        Configuration next = load();
        Map<String, ExportSpec> newest = Fleet.byName(next);
        requireConfigured(names, newest);
        Change change = new Change(fleet, newest);
        if (names.isEmpty()) {
            fleet.configure(next.daemon());
            change.reloadAll();
        } else {
            names.forEach(change::reload);
        }
        return change.apply();
    }

    List<Map<String, Object>> status(List<String> names) throws OperationException {
        requireKnown(names);
        List<Map<String, Object>> rows = new ArrayList<>();
        fleet.forEach(
                (name, export) -> {
                    if (names.isEmpty() || names.contains(name)) {
                        rows.add(StatusRow.of(export, fleet.scheduler().wallTime()));
                    }
                });
        return rows;
    }

    List<Map<String, Object>> clients(List<String> names) throws OperationException {
        requireKnown(names);
        List<Map<String, Object>> rows = new ArrayList<>();
        fleet.forEach(
                (name, export) -> {
                    if (names.isEmpty() || names.contains(name)) {
                        rows.addAll(ClientRow.of(export, fleet.scheduler().wallTime()));
                    }
                });
        return rows;
    }

    List<String> dump() {
        List<ExportSpec> specs = new ArrayList<>();
        fleet.forEach((name, export) -> specs.add(export.spec()));
        return ExportsText.lines(specs);
    }

    /**
     * Ends all runs and keeps what operators asked for: the next supervisor goes on with it. The
     * result says what went wrong; runs that are not gone by then are among that.
     */
    CompletableFuture<List<String>> end() {
        Outcomes outcomes = new Outcomes();
        for (ManagedExport export : List.copyOf(fleet.exports().values())) {
            outcomes.put(export.name(), export.stop());
        }
        return outcomes.complaints();
    }

    private List<ManagedExport> chosen(List<String> names, Collection<String> all)
            throws OperationException {
        requireKnown(names);
        return (names.isEmpty() ? all : names)
                .stream().distinct().map(fleet.exports()::get).toList();
    }

    private void requireKnown(Collection<String> names) throws OperationException {
        refuse(names.stream().filter(name -> !fleet.exports().containsKey(name)).toList());
    }

    /** Now or until now; what has been removed and is stopping is not there any more. */
    private void requireConfigured(Collection<String> names, Map<String, ExportSpec> newest)
            throws OperationException {
        refuse(
                names.stream()
                        .filter(name -> fleet.get(name) == null && !newest.containsKey(name))
                        .toList());
    }

    private static void refuse(List<String> unknown) throws OperationException {
        if (!unknown.isEmpty()) {
            throw usage("no such export: " + String.join(", ", unknown));
        }
    }

    private Configuration load() throws OperationException {
        try {
            return fleet.load();
        } catch (ConfigException e) {
            throw refused(e.getMessage());
        }
    }

    private ExportSpec parse(String name, String line) throws OperationException {
        try {
            return fleet.source().parse(name, line);
        } catch (ConfigException e) {
            throw refused(e.getMessage());
        }
    }

    private static OperationException usage(String message) {
        return new OperationException(OperationException.Kind.USAGE, message);
    }

    private static OperationException refused(String message) {
        return new OperationException(OperationException.Kind.REFUSED, message);
    }
}
