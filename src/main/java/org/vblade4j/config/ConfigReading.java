// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One run of {@link ConfigLoader}: what was found so far, good and bad.
 *
 * <p>An init script waits for each run, in a JVM that lives for nothing else. So in this package
 * what is done for a file without fault is written without lambdas, streams and patterns, each of
 * which takes such a JVM longer than to read the file.
 */
final class ConfigReading implements Comparator<Problem> {
    private final Path confd;
    private final Path settingsFile;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Problem> warnings = new ArrayList<>();
    private final List<ExportSpec> exports = new ArrayList<>();
    private final Map<String, Origin> names = new HashMap<>();
    private TextFile.Result lines;
    private TextFile.Result hocon;
    private SettingsReader settingsReader;

    ConfigReading(Path confd, Path settingsFile) {
        this.confd = confd;
        this.settingsFile = settingsFile;
    }

    Configuration load() throws ConfigException {
        lines = TextFile.read(confd, confd.equals(ConfigLoader.DEFAULT_CONFD));
        hocon = TextFile.read(settingsFile, settingsFile.equals(ConfigLoader.DEFAULT_SETTINGS));
        addProblem(lines);
        addProblem(hocon);
        if (lines.isMissing() && hocon.isMissing()) {
            String message = "does not exist, and neither does " + settingsFile;
            problems.add(
                    new Problem(
                            new Origin(confd.toString(), 0), message + "; expected one of them"));
        }
        Settings settings = readSettings();
        if (lines.text().isPresent()) {
            readConfd(lines.text().get(), settings);
        }
        for (Settings.Export export : settings.exports()) {
            addNamed(export.name(), export.origin(), export.spec());
        }
        checkAddresses();
        for (ExportSpec spec : exports) {
            warnings.addAll(ExportRules.warnings(spec));
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(inFileOrder(problems));
        }
        return new Configuration(settings.daemon(), exports, inFileOrder(warnings));
    }

    /** What {@link #load} has read, to be written to files of its own. */
    LoadedFiles loadFiles() throws ConfigException {
        Configuration configuration = load();
        // A file that may be missing is as good as an empty one.
        String settings = hocon.text().orElse("");
        return new LoadedFiles(
                configuration,
                lines.text().orElse(""),
                settingsReader == null ? settings : settingsReader.selfContained(settings));
    }

    ExportSpec parse(String name, String value) throws ConfigException {
        hocon = TextFile.read(settingsFile, settingsFile.equals(ConfigLoader.DEFAULT_SETTINGS));
        addProblem(hocon);
        Settings settings = readSettings();
        if (!problems.isEmpty()) {
            throw new ConfigException(inFileOrder(problems));
        }
        Origin origin = new Origin("command line", 0);
        ExportSpec spec = VbladeArgs.parseLine(name, value, settings.defaults(), origin);
        return overridden(spec, settings.overrides().get(name));
    }

    private Settings readSettings() {
        if (hocon.text().isEmpty() || isAllComment(hocon.text().get())) {
            return Settings.DEFAULTS;
        }
        settingsReader = new SettingsReader(settingsFile, problems::add);
        return settingsReader.read(hocon.text().get());
    }

    /**
     * True for the file as it is shipped: HOCON's parser takes longer to load than all the rest.
     */
    static boolean isAllComment(String hocon) {
        boolean comment = false;
        for (int i = 0; i < hocon.length(); i++) {
            char c = hocon.charAt(i);
            if (c == '\n') {
                comment = false;
            } else if (c == '#') {
                comment = true;
            } else if (!comment && c != ' ') {
                return false;
            }
        }
        return true;
    }

    private void addProblem(TextFile.Result file) {
        if (file.problem().isPresent()) {
            problems.add(file.problem().get());
        }
    }

    private void readConfd(String text, Settings settings) {
        ConfdFile file = ConfdParser.parse(confd.toString(), text);
        problems.addAll(file.problems());
        warnings.addAll(file.warnings());
        for (ConfdFile.Assignment assignment : file.assignments()) {
            if (assignment.isExport()) {
                readExport(assignment, settings);
            }
        }
        for (Map.Entry<String, SettingsNode> entry : settings.overrides().entrySet()) {
            // An export whose assignment was refused is not known by name: no second complaint.
            if (!names.containsKey(entry.getKey()) && file.problems().isEmpty()) {
                reportStrayOverride(entry.getKey(), entry.getValue());
            }
        }
    }

    private void readExport(ConfdFile.Assignment assignment, Settings settings) {
        String name = assignment.exportName();
        Origin origin = assignment.origin();
        if (name.isEmpty()) {
            problems.add(
                    new Problem(origin, "no export name after 'config_'; expected config_NAME"));
            return;
        }
        Optional<ExportSpec> spec = Optional.empty();
        try {
            ExportSpec parsed =
                    VbladeArgs.parseLine(name, assignment.value(), settings.defaults(), origin);
            spec = Optional.of(overridden(parsed, settings.overrides().get(name)));
        } catch (ConfigException e) {
            problems.addAll(e.problems());
        }
        addNamed(name, origin, spec);
    }

    private static ExportSpec overridden(ExportSpec spec, SettingsNode override) {
        if (override == null) {
            return spec;
        }
        return new ExportSpec(
                spec.name(),
                spec.address(),
                spec.interfaceName(),
                spec.device(),
                SettingsReader.options(override, spec.options()),
                spec.origin());
    }

    private void reportStrayOverride(String name, SettingsNode node) {
        String expected =
                Spelling.nearest(name, names.keySet())
                        .map(near -> "'" + near + "'")
                        .orElse("the name of an export in " + confd);
        problems.add(
                new Problem(
                        node.origin(),
                        "no export '" + name + "' to override; expected " + expected));
    }

    private void addNamed(String name, Origin origin, Optional<ExportSpec> spec) {
        Origin earlier = names.putIfAbsent(name, origin);
        if (earlier != null) {
            String message = "export '" + name + "' is already defined at " + earlier;
            problems.add(new Problem(origin, message + "; expected another name"));
        }
        if (spec.isPresent()) {
            exports.add(spec.get());
        }
    }

    private void checkAddresses() {
        // By text: the hash code of a record costs a process that lives for one check 10 ms.
        Map<String, ExportSpec> taken = new HashMap<>();
        for (ExportSpec spec : exports) {
            String place = spec.interfaceName() + " " + spec.address();
            ExportSpec earlier = taken.putIfAbsent(place, spec);
            boolean sameName = earlier != null && earlier.name().equals(spec.name());
            if (earlier != null && !sameName) {
                problems.add(
                        new Problem(
                                spec.origin(),
                                spec.name()
                                        + ": "
                                        + spec.address()
                                        + " on "
                                        + spec.interfaceName()
                                        + " is already taken by '"
                                        + earlier.name()
                                        + "' at "
                                        + earlier.origin()
                                        + "; expected another shelf, slot or interface"));
            }
        }
    }

    /** conf.d first, then the settings file and what it includes; each once. */
    private List<Problem> inFileOrder(List<Problem> unordered) {
        Map<String, Problem> ordered = new LinkedHashMap<>();
        List<Problem> sorted = new ArrayList<>(unordered);
        sorted.sort(this);
        for (Problem problem : sorted) {
            ordered.putIfAbsent(problem.toString(), problem);
        }
        return List.copyOf(ordered.values());
    }

    /** The order of {@link #inFileOrder}. */
    @Override
    public int compare(Problem one, Problem other) {
        String source = one.origin().source();
        if (!source.equals(other.origin().source())) {
            boolean first = source.equals(confd.toString());
            boolean last = other.origin().source().equals(confd.toString());
            return first ? -1 : last ? 1 : source.compareTo(other.origin().source());
        }
        return Integer.compare(one.origin().line(), other.origin().line());
    }
}
