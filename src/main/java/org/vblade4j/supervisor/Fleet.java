// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;

/**
 * All exports, what the configuration says about them and what operators asked of them. Supervisor
 * thread only.
 */
final class Fleet implements ManagedExport.Context {
    private static final Logger LOG = System.getLogger(Fleet.class.getName());

    private final StateDirectory stateDirectory;
    private final ConfigSource source;
    private final Supervised.Factory factory;
    private final Scheduler scheduler;
    private final Timeouts timeouts;
    private final Map<String, ManagedExport> exports = new LinkedHashMap<>();
    private final Map<String, Desired> desired = new LinkedHashMap<>();

    /** Configured no more, and forgotten when their run is gone; among {@link #exports}. */
    private final Set<String> leaving = new HashSet<>();

    private ConfigSource recordedLines;
    private Map<String, ExportSpec> configured;
    private DaemonSettings settings;

    Fleet(
            StateDirectory stateDirectory,
            ConfigSource source,
            Supervised.Factory factory,
            Scheduler scheduler,
            Timeouts timeouts)
            throws ConfigException {
        this.stateDirectory = stateDirectory;
        this.source = source;
        this.recordedLines = source;
        this.factory = factory;
        this.scheduler = scheduler;
        this.timeouts = timeouts;
        Configuration first = loadFirst();
        this.settings = first.daemon();
        this.configured = byName(first);
        configured.values().forEach(this::add);
    }

    /**
     * A supervisor that takes over from a killed one goes on with the configuration that one had,
     * or at least with the lines that are recorded, even where somebody has broken the files
     * meanwhile.
     */
    private Configuration loadFirst() throws ConfigException {
        try {
            return load();
        } catch (ConfigException e) {
            Optional<Configuration> before = loadKept();
            if (before.isEmpty() && !takesOver()) {
                throw e;
            }
            e.problems().forEach(problem -> LOG.log(Level.ERROR, problem.toString()));
            LOG.log(Level.ERROR, "configuration not used; going on with what ran before");
            return before.orElseGet(
                    () -> new Configuration(DaemonSettings.DEFAULTS, List.of(), List.of()));
        }
    }

    private Optional<Configuration> loadKept() {
        Optional<ConfigSource> kept = source.kept(stateDirectory.good());
        try {
            if (kept.isPresent()) {
                Configuration before = kept.get().load();
                recordedLines = kept.get();
                return Optional.of(before);
            }
        } catch (ConfigException e) {
            LOG.log(Level.ERROR, "nor what was kept of it: {0}", e.getMessage());
        }
        return Optional.empty();
    }

    /** Reads the configuration anew, and keeps it for a successor when it is without fault. */
    Configuration load() throws ConfigException {
        return source.loadAndKeep(stateDirectory.good());
    }

    private boolean takesOver() {
        try {
            return stateDirectory.inherited()
                    && stateDirectory.desired().values().stream()
                            .anyMatch(wish -> wish.running() && wish.line().isPresent());
        } catch (IOException e) {
            return false;
        }
    }

    static Map<String, ExportSpec> byName(Configuration configuration) {
        Map<String, ExportSpec> specs = new LinkedHashMap<>();
        configuration.exports().forEach(spec -> specs.put(spec.name(), spec));
        return specs;
    }

    /** Starts what ran before, and what the configuration wants started with the supervisor. */
    Map<String, CompletableFuture<Optional<String>>> takeUp() throws IOException {
        if (stateDirectory.inherited()) {
            factory.hurry();
        }
        desired.putAll(stateDirectory.desired());
        desired.forEach(this::restore);
        reportUnknown();
        Map<String, CompletableFuture<Optional<String>>> outcomes = new LinkedHashMap<>();
        for (ManagedExport export : exports.values()) {
            Desired wish = desired.get(export.name());
            if (wish == null ? settings.autostart() : wish.running()) {
                outcomes.put(export.name(), start(export));
            }
        }
        return outcomes;
    }

    /** One line, however many: it comes with every start until they are configured again. */
    private void reportUnknown() {
        Set<String> unknown = new TreeSet<>(desired.keySet());
        unknown.removeAll(exports.keySet());
        if (!unknown.isEmpty()) {
            String names = String.join(" ", unknown);
            LOG.log(Level.WARNING, "recorded, but no longer configured: {0}", names);
        }
    }

    private void restore(String name, Desired wish) {
        if (wish.line().isPresent()) {
            try {
                ExportSpec spec = recordedLines.parse(name, wish.line().get());
                if (exports.containsKey(name)) {
                    exports.get(name).respecify(spec);
                } else {
                    add(spec);
                }
            } catch (ConfigException e) {
                LOG.log(Level.ERROR, "{0}: recorded line is of no use: {1}", name, e.getMessage());
            }
        }
    }

    /** One that is leaving stays, with another spec for its next run. */
    ManagedExport add(ExportSpec spec) {
        if (leaving.remove(spec.name())) {
            ManagedExport stays = exports.get(spec.name());
            stays.respecify(spec);
            return stays;
        }
        ManagedExport export = new ManagedExport(this, spec);
        exports.put(spec.name(), export);
        stateChanged(export);
        return export;
    }

    /**
     * Forgets an export that is stopped, or stopping, and configured no more: what was asked of it
     * at once, itself as soon as its run is gone.
     */
    void dismiss(ManagedExport export) {
        String name = export.name();
        desired.remove(name);
        trying(name, "forget", () -> stateDirectory.forget(name));
        leaving.add(name);
        removeIfGone(export);
    }

    private void removeIfGone(ManagedExport export) {
        String name = export.name();
        if (leaving.contains(name) && !export.occupied()) {
            leaving.remove(name);
            exports.remove(name);
            trying(name, "forget", () -> stateDirectory.hide(name));
        }
    }

    /** Null also while it is {@linkplain #dismiss leaving}. */
    ManagedExport get(String name) {
        return leaving.contains(name) ? null : exports.get(name);
    }

    /** Starts it, unless another export has its address. */
    CompletableFuture<Optional<String>> start(ManagedExport export) {
        return rival(export).map(Waiters::refused).orElseGet(export::start);
    }

    /** Why it cannot have its address, if so. */
    Optional<String> rival(ManagedExport export) {
        ExportSpec spec = export.spec();
        return exports.values().stream()
                .filter(other -> other != export && other.claims(spec))
                .map(
                        other ->
                                spec.address()
                                        + " on "
                                        + spec.interfaceName()
                                        + " is served by "
                                        + other.name())
                .findFirst();
    }

    /** Remembers what was asked; returns what went wrong with that. */
    Optional<String> record(String name, Desired wish) {
        desired.put(name, wish);
        return trying(name, "record", () -> stateDirectory.record(name, wish));
    }

    Optional<Desired> desired(String name) {
        return Optional.ofNullable(desired.get(name));
    }

    void lookAtRefusals(RefusalLog refusals) {
        long nowNs = scheduler.nowNs();
        refusals.retain(exports.keySet());
        exports.forEach(
                (name, export) ->
                        export.status()
                                .ifPresent(
                                        status -> refusals.look(name, status.counters(), nowNs)));
    }

    @Override
    public void stateChanged(ManagedExport export) {
        trying(
                export.name(),
                "show its state",
                () -> stateDirectory.show(export.name(), export.state()));
        removeIfGone(export);
    }

    private interface FileWork {
        void run() throws IOException;
    }

    private static Optional<String> trying(String name, String what, FileWork work) {
        try {
            work.run();
            return Optional.empty();
        } catch (IOException e) {
            LOG.log(Level.ERROR, "{0}: cannot {1}: {2}", name, what, e.toString());
            return Optional.of("cannot " + what + ": " + e);
        }
    }

    /** Those that are leaving, too. */
    Map<String, ManagedExport> exports() {
        return exports;
    }

    /** In file order. */
    Map<String, ExportSpec> configured() {
        return configured;
    }

    void configure(Map<String, ExportSpec> specs) {
        configured = specs;
    }

    void configure(DaemonSettings newer) {
        settings = newer;
        exports.values().forEach(export -> export.apply(newer));
    }

    ConfigSource source() {
        return source;
    }

    /** Each export in the order of the configuration, then those that are not in it. */
    void forEach(BiConsumer<String, ManagedExport> action) {
        configured.keySet().forEach(name -> action.accept(name, exports.get(name)));
        exports.forEach(
                (name, export) -> {
                    if (!configured.containsKey(name)) {
                        action.accept(name, export);
                    }
                });
    }

    @Override
    public Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public Supervised.Factory factory() {
        return factory;
    }

    @Override
    public DaemonSettings settings() {
        return settings;
    }

    @Override
    public Timeouts timeouts() {
        return timeouts;
    }
}
