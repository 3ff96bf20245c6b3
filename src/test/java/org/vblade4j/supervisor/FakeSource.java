// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportOptions;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.config.PortSettings;
import org.vblade4j.config.Problem;
import org.vblade4j.config.RestartSettings;
import org.vblade4j.wire.AoeAddress;

/** A configuration held in memory; a line is "SHELF.SLOT DEVICE" on interface veth0. */
final class FakeSource implements ConfigSource {
    static final RestartSettings RESTART =
            new RestartSettings(Duration.ofSeconds(1), 3, Duration.ofSeconds(60));

    final Map<String, String> lines = new LinkedHashMap<>();
    DaemonSettings settings = new DaemonSettings(true, RESTART, PortSettings.DEFAULTS);
    String mistake = "";

    /** Whether the supervisor before did not end in order. */
    boolean killed;

    private FakeSource kept;

    FakeSource with(String name, String line) {
        lines.put(name, line);
        return this;
    }

    @Override
    public Configuration load() throws ConfigException {
        if (!mistake.isEmpty()) {
            throw broken(mistake);
        }
        List<ExportSpec> exports = new ArrayList<>();
        for (Map.Entry<String, String> line : lines.entrySet()) {
            exports.add(parse(line.getKey(), line.getValue()));
        }
        return new Configuration(settings, exports, List.of());
    }

    @Override
    public ExportSpec parse(String name, String line) throws ConfigException {
        String[] words = line.split(" ");
        if (words.length != 2) {
            throw broken("\"" + line + "\", expected two words");
        }
        return new ExportSpec(
                name,
                AoeAddress.parse(words[0]).orElseThrow(),
                "veth0",
                Path.of(words[1]),
                ExportOptions.DEFAULTS,
                new Origin("test", 1));
    }

    @Override
    public Configuration loadAndKeep(Path directory) throws ConfigException {
        Configuration loaded = load();
        kept = new FakeSource();
        kept.settings = settings;
        kept.lines.putAll(lines);
        return loaded;
    }

    @Override
    public Optional<ConfigSource> kept(Path directory) {
        return killed ? Optional.ofNullable(kept) : Optional.empty();
    }

    private static ConfigException broken(String message) {
        return new ConfigException(List.of(new Problem(new Origin("conf", 3), message)));
    }
}
