// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The defaults and the known keys, both taken from {@code reference.conf}. Only this file: neither
 * system properties nor other libraries' reference files take part.
 */
final class Reference {
    static final String ROOT = "vblade4j";

    /** Read once: a dozen records have their defaults from it, and every start waits for them. */
    static final Reference FILE = new Reference();

    private final Config root;

    private Reference() {
        // Found by its one name: by way of the library, every jar there is would be searched for
        // it.
        root =
                ConfigFactory.parseReader(
                                new InputStreamReader(
                                        Reference.class.getResourceAsStream("/reference.conf"),
                                        StandardCharsets.UTF_8))
                        .getConfig(ROOT);
    }

    /**
     * The keys of a section.
     *
     * @param section empty for the top level
     */
    Set<String> keys(String section) {
        return section.isEmpty() ? root.root().keySet() : root.getObject(section).keySet();
    }

    ExportOptions exportOptions() {
        Config defaults = root.getConfig("defaults");
        List<Long> macs = defaults.getLongList("macs");
        return new ExportOptions(
                defaults.getInt("buffer-count"),
                defaults.getBoolean("direct"),
                defaults.getBoolean("synced"),
                defaults.getBoolean("read-only"),
                macs,
                defaults.getLong("offset-sectors"),
                defaults.getLong("length-sectors"),
                ioOptions(),
                AccessOptions.OPEN,
                clientLimits(),
                backendLoss(),
                guard(),
                remote());
    }

    IoOptions ioOptions() {
        Config defaults = root.getConfig("defaults");
        return new IoOptions(
                IoOptions.Engine.valueOf(defaults.getString("engine").toUpperCase(Locale.ROOT)),
                defaults.getInt("queue-depth"),
                defaults.getBoolean("round-sectors"),
                defaults.getDuration("delay"));
    }

    ClientLimits clientLimits() {
        Config limits = root.getConfig("defaults.limits");
        return new ClientLimits(
                limits.getInt("requests-per-second"),
                limits.getLong("bytes-per-second"),
                limits.getInt("queries-per-second"));
    }

    BackendLoss backendLoss() {
        Config defaults = root.getConfig("defaults");
        return new BackendLoss(
                answer(defaults.getString("on-backend-loss")),
                answer(defaults.getString("on-no-space")));
    }

    private static BackendLoss.Answer answer(String word) {
        return BackendLoss.Answer.valueOf(word.toUpperCase(Locale.ROOT));
    }

    GuardOptions guard() {
        Config guard = root.getConfig("defaults.guard");
        return new GuardOptions(
                word(guard, "device-in-use", GuardOptions.Conflict.class),
                word(guard, "address-in-use", GuardOptions.Conflict.class),
                guard.getDuration("address-probe"),
                guard.getDuration("address-watch"));
    }

    RemoteOptions remote() {
        Config remote = root.getConfig("defaults.remote-changes");
        return new RemoteOptions(
                remote.getBoolean("keep"),
                word(remote, "config-string", RemoteOptions.Policy.class),
                word(remote, "mac-mask", RemoteOptions.Policy.class),
                word(remote, "reservation", RemoteOptions.Policy.class),
                remote.getLongList("admins"));
    }

    private static <E extends Enum<E>> E word(Config section, String key, Class<E> words) {
        return Enum.valueOf(words, section.getString(key).toUpperCase(Locale.ROOT));
    }

    RestartSettings restart() {
        Config daemon = root.getConfig("daemon");
        return new RestartSettings(
                daemon.getDuration("respawn-delay"),
                daemon.getInt("respawn-max"),
                daemon.getDuration("respawn-period"));
    }

    DaemonSettings daemon() {
        return new DaemonSettings(
                root.getBoolean("daemon.autostart"),
                RestartSettings.DEFAULTS,
                new ControlSettings(
                        Optional.of(root.getString("daemon.control-group"))
                                .filter(group -> !group.isEmpty()),
                        word(
                                root.getConfig("daemon"),
                                "control-group-may",
                                ControlSettings.GroupCommands.class)),
                PortSettings.DEFAULTS);
    }

    PortSettings port() {
        Config port = root.getConfig("port");
        return new PortSettings(
                PortKind.valueOf(port.getString("kind").toUpperCase(Locale.ROOT)),
                port.getInt("receive-frames"),
                port.getInt("spin-us"));
    }
}
