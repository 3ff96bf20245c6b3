// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

/**
 * Settings of the supervisor itself, {@code vblade4j.daemon} and {@code vblade4j.port}.
 *
 * @param autostart start every configured export with the supervisor; otherwise only those that ran
 *     before or are started by a command
 * @param restart what happens to crashed exports
 * @param control who may command
 * @param port the network side of every export
 * @param seccomp allow the process only the system calls that it needs
 */
public record DaemonSettings(
        boolean autostart,
        RestartSettings restart,
        ControlSettings control,
        PortSettings port,
        boolean seccomp) {
    /** Settings of a supervisor that root commands. */
    public DaemonSettings(boolean autostart, RestartSettings restart, PortSettings port) {
        this(autostart, restart, ControlSettings.OWNER_ONLY, port, true);
    }

    /** As in {@code reference.conf}. */
    public static final DaemonSettings DEFAULTS =
            new DaemonSettings(
                    true,
                    RestartSettings.DEFAULTS,
                    ControlSettings.OWNER_ONLY,
                    PortSettings.DEFAULTS,
                    true);

    /** The same with another kind of port. */
    public DaemonSettings with(PortKind kind) {
        PortSettings other = new PortSettings(kind, port.receiveFrames(), port.spinUs());
        return new DaemonSettings(autostart, restart, control, other, seccomp);
    }

    /** The same, but started by a command only unless both say otherwise. */
    public DaemonSettings andAutostart(boolean allowed) {
        return new DaemonSettings(autostart && allowed, restart, control, port, seccomp);
    }
}
