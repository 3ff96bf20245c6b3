// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.vblade4j.wire.AoeAddress;

/** Reads {@code /etc/vblade4j.conf}: HOCON, whose known keys are those of the reference file. */
final class SettingsReader {
    private static final List<String> PLACE = List.of("shelf", "slot", "interface", "device");
    private static final int MAX_RESTARTS = 1_000_000;
    private static final int MIN_FRAMES = 16;
    private static final int MAX_FRAMES = 65_536;
    private static final int MAX_SPIN_US = 1000;

    private final Path file;
    private final Consumer<Problem> problems;
    private final Reference reference = Reference.FILE;
    private int problemCount;
    private Optional<ConfigObject> found = Optional.empty();

    SettingsReader(Path file, Consumer<Problem> problems) {
        this.file = file;
        this.problems =
                problem -> {
                    problemCount++;
                    problems.accept(problem);
                };
    }

    /**
     * Answers defaults for everything that cannot be used.
     *
     * @param text the content of the file
     */
    Settings read(String text) {
        found = new SettingsFile(file, text, problems).parse();
        if (found.isEmpty()) {
            return Settings.DEFAULTS;
        }
        Origin start = new Origin(file.toString(), 0);
        SettingsNode top = new SettingsNode(found.get(), "", start, problems);
        top.allowOnly(Set.of(Reference.ROOT));
        SettingsNode root = top.section(Reference.ROOT);
        root.allowOnly(reference.keys(""));
        StationSettings.checkGroups(root.section("groups"));
        ExportOptions defaults = options(known(root, "defaults"), ExportOptions.DEFAULTS);
        return new Settings(
                daemon(known(root, "daemon"), known(root, "port")),
                defaults,
                overrides(root.section("overrides").sections()),
                exports(root.section("exports").sections(), defaults));
    }

    /**
     * The text of one file that says what {@link #read} has found and needs no other: the one that
     * was read, or all that it and the files that it includes come to.
     */
    String selfContained(String text) {
        return found.isPresent() && text.contains("include")
                ? found.get().render(ConfigRenderOptions.concise())
                : text;
    }

    private SettingsNode known(SettingsNode root, String section) {
        SettingsNode node = root.section(section);
        node.allowOnly(reference.keys(section));
        return node;
    }

    private static DaemonSettings daemon(SettingsNode daemon, SettingsNode port) {
        DaemonSettings defaults = DaemonSettings.DEFAULTS;
        RestartSettings restart = defaults.restart();
        return new DaemonSettings(
                daemon.flag("autostart", defaults.autostart()),
                new RestartSettings(
                        daemon.duration(
                                "respawn-delay",
                                restart.delay(),
                                Duration.ZERO,
                                Duration.ofHours(1)),
                        daemon.integer("respawn-max", restart.max(), 0, MAX_RESTARTS),
                        daemon.duration(
                                "respawn-period",
                                restart.period(),
                                Duration.ofSeconds(1),
                                Duration.ofHours(24))),
                new ControlSettings(
                        daemon.text("control-group")
                                .filter(group -> !group.isEmpty())
                                .or(defaults.control()::group),
                        daemon.word(
                                "control-group-may",
                                ControlSettings.GroupCommands.class,
                                defaults.control().may())),
                port(port),
                daemon.flag("seccomp", defaults.seccomp()));
    }

    private static PortSettings port(SettingsNode port) {
        PortSettings defaults = PortSettings.DEFAULTS;
        return new PortSettings(
                port.choice("kind", defaults.kind()),
                port.integerOrZero(
                        "receive-frames", defaults.receiveFrames(), MIN_FRAMES, MAX_FRAMES),
                port.integer("spin-us", defaults.spinUs(), 0, MAX_SPIN_US));
    }

    /** The options a section gives, over those it does not give. */
    static ExportOptions options(SettingsNode node, ExportOptions base) {
        Durability durability = durability(node, base);
        ExportOptions options =
                new ExportOptions(
                        node.integer(
                                "buffer-count",
                                base.bufferCount(),
                                ExportRules.MIN_BUFFERS,
                                ExportRules.MAX_BUFFERS),
                        durability.direct(),
                        durability.synced(),
                        node.flag("read-only", base.readOnly()),
                        node.texts("macs").map(node.rules("macs")::macs).orElse(base.allowedMacs()),
                        sectors(node, "offset-sectors", base.offsetSectors()),
                        sectors(node, "length-sectors", base.lengthSectors()),
                        io(node, base.io()),
                        StationSettings.access(node.section("access"), base.access()),
                        StationSettings.limits(node.section("limits"), base.limits()),
                        StationSettings.loss(node, base.loss()),
                        GuardSettings.guard(node.section("guard"), base.guard()),
                        GuardSettings.remote(node.section("remote-changes"), base.remote()));
        boolean countable =
                node.rules(node.has("length-sectors") ? "length-sectors" : "offset-sectors")
                        .window(options.offsetSectors(), options.lengthSectors());
        return countable ? options : base;
    }

    /** By its name or by its flags; where both are given they must say the same. */
    private static Durability durability(SettingsNode node, ExportOptions base) {
        boolean direct = node.flag("direct", base.direct());
        boolean synced = node.flag("synced", base.synced());
        Durability flags = Durability.of(direct, synced);
        Durability named = node.choice("durability", flags);
        boolean flagged = node.has("direct") || node.has("synced");
        if (flagged && named != flags) {
            node.rules("durability").contradiction(named, flags);
        }
        return named;
    }

    private static IoOptions io(SettingsNode node, IoOptions base) {
        return new IoOptions(
                node.choice("engine", base.engine()),
                node.integer("queue-depth", base.queueDepth(), 1, IoOptions.MAX_DEPTH),
                node.flag("round-sectors", base.roundSectors()),
                node.duration("delay", base.delay(), Duration.ZERO, IoOptions.MAX_DELAY));
    }

    private static long sectors(SettingsNode node, String key, long base) {
        return node.whole(key, base, 0, ExportRules.MAX_SECTORS);
    }

    /** Checks each against plain options; where they belong to is known to the loader only. */
    private Map<String, SettingsNode> overrides(Map<String, SettingsNode> sections) {
        for (SettingsNode node : sections.values()) {
            node.allowOnly(reference.keys("defaults"));
            options(node, ExportOptions.DEFAULTS);
        }
        return sections;
    }

    private List<Settings.Export> exports(
            Map<String, SettingsNode> sections, ExportOptions defaults) {
        Set<String> keys = new HashSet<>(reference.keys("defaults"));
        keys.addAll(PLACE);
        List<Settings.Export> exports = new ArrayList<>();
        sections.forEach(
                (name, node) -> {
                    int before = problemCount;
                    node.allowOnly(keys);
                    ExportSpec spec = export(name, node, options(node, defaults));
                    exports.add(
                            new Settings.Export(
                                    name,
                                    node.origin(),
                                    problemCount == before ? Optional.of(spec) : Optional.empty()));
                });
        exports.sort(Comparator.comparingInt(export -> export.origin().line()));
        return exports;
    }

    private ExportSpec export(String name, SettingsNode node, ExportOptions options) {
        if (!ExportRules.isName(name)) {
            String message = "'" + name + "' cannot name an export; expected letters, digits and";
            problems.accept(new Problem(node.origin(), message + " underscores"));
        }
        for (String key : PLACE) {
            if (!node.has(key)) {
                String message = "export '" + name + "' has no " + key;
                problems.accept(
                        new Problem(
                                node.origin(), message + "; expected " + String.join(", ", PLACE)));
            }
        }
        AoeAddress address =
                new AoeAddress(
                        node.integer("shelf", 0, 0, AoeAddress.MAX_SHELF),
                        node.integer("slot", 0, 0, AoeAddress.MAX_SLOT));
        return new ExportSpec(
                name,
                address,
                node.text("interface").map(node.rules("interface")::interfaceName).orElse(""),
                node.text("device").map(node.rules("device")::absoluteDevice).orElse(Path.of("/")),
                options,
                node.origin());
    }
}
