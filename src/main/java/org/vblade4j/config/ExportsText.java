// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.wire.Mac;

/**
 * Exports written as a configuration file that says the same when it is read again, without any
 * other file: of conf.d where that has words for every option, else of settings, which begins with
 * a comment that says so.
 */
public final class ExportsText {
    private static final String SETTINGS =
            "# For vblade4j.conf(5): some of these options cannot be said in conf.d.";

    private ExportsText() {}

    public static List<String> lines(Collection<ExportSpec> exports) {
        if (!exports.stream().allMatch(export -> VbladeArgs.saysAllOf(export.options()))) {
            return settings(exports);
        }
        List<String> lines = new ArrayList<>();
        exports.forEach(export -> lines.add(VbladeArgs.toAssignment(export)));
        return lines;
    }

    private static List<String> settings(Collection<ExportSpec> exports) {
        Map<String, Object> sections = new LinkedHashMap<>();
        exports.forEach(export -> sections.put(export.name(), section(export)));
        Map<String, Object> root = Map.of(Reference.ROOT, Map.of("exports", sections));
        ConfigRenderOptions readable =
                ConfigRenderOptions.defaults().setOriginComments(false).setJson(false);
        List<String> lines = new ArrayList<>(List.of(SETTINGS));
        ConfigValueFactory.fromMap(root).render(readable).lines().forEach(lines::add);
        return lines;
    }

    /** Every option, also one that is as it would be without: the file may meet other defaults. */
    private static Map<String, Object> section(ExportSpec export) {
        ExportOptions options = export.options();
        Map<String, Object> section = new LinkedHashMap<>();
        section.put("shelf", export.address().shelf());
        section.put("slot", export.address().slot());
        section.put("interface", export.interfaceName());
        section.put("device", export.device().toString());
        section.put("buffer-count", options.bufferCount());
        section.put("direct", options.direct());
        section.put("synced", options.synced());
        section.put("read-only", options.readOnly());
        section.put("macs", macs(options.allowedMacs()));
        section.put("offset-sectors", options.offsetSectors());
        section.put("length-sectors", options.lengthSectors());
        section.put("engine", SettingsNode.label(options.io().engine()));
        section.put("queue-depth", options.io().queueDepth());
        section.put("round-sectors", options.io().roundSectors());
        section.put("delay", duration(options.io().delay()));
        section.put("access", access(options.access()));
        section.put("limits", limits(options.limits()));
        section.put("on-backend-loss", SettingsNode.label(options.loss().whenAway()));
        section.put("on-no-space", SettingsNode.label(options.loss().whenFull()));
        section.put("stall-limit", duration(options.loss().stallLimit()));
        section.put("guard", guard(options.guard()));
        section.put("remote-changes", remote(options.remote()));
        return section;
    }

    private static Map<String, Object> access(AccessOptions access) {
        return Map.of(
                "default",
                access.byDefault().stream().sorted().map(Right::label).toList(),
                "allow",
                lists(access.allowed()),
                "deny",
                lists(access.denied()));
    }

    private static Map<String, Object> lists(Map<Right, List<Long>> stations) {
        Map<String, Object> lists = new LinkedHashMap<>();
        stations.forEach((right, macs) -> lists.put(right.label(), macs(macs)));
        return lists;
    }

    private static Map<String, Object> limits(ClientLimits limits) {
        return Map.of(
                "requests-per-second", limits.requestsPerSecond(),
                "bytes-per-second", limits.bytesPerSecond(),
                "queries-per-second", limits.queriesPerSecond(),
                "unknown-bytes-per-second", limits.unknownBytesPerSecond(),
                "unknown-changes-per-second", limits.unknownChangesPerSecond());
    }

    private static Map<String, Object> guard(GuardOptions guard) {
        return Map.of(
                "device-in-use", SettingsNode.label(guard.deviceInUse()),
                "address-in-use", SettingsNode.label(guard.addressInUse()),
                "address-probe", duration(guard.probe()),
                "address-watch", duration(guard.watch()));
    }

    private static Map<String, Object> remote(RemoteOptions remote) {
        return Map.of(
                "keep", remote.keep(),
                "config-string", SettingsNode.label(remote.configString()),
                "mac-mask", SettingsNode.label(remote.macMask()),
                "reservation", SettingsNode.label(remote.reservation()),
                "admins", macs(remote.admins()));
    }

    private static List<String> macs(List<Long> macs) {
        return macs.stream().map(Mac::format).toList();
    }

    /** In the largest unit that says it exactly. */
    private static String duration(Duration duration) {
        long ns = duration.toNanos();
        if (ns % 1_000_000_000 == 0) {
            return ns / 1_000_000_000 + " s";
        }
        return ns % 1_000_000 == 0 ? ns / 1_000_000 + " ms" : ns + " ns";
    }
}
