// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.util.Optional;

/**
 * Who may command the supervisor besides root and its own user.
 *
 * @param group whose members may; empty for nobody
 * @param may what they may do
 */
public record ControlSettings(Optional<String> group, GroupCommands may) {
    /** Nobody else. */
    public static final ControlSettings OWNER_ONLY =
            new ControlSettings(Optional.empty(), GroupCommands.STATUS);

    /** The commands of a group. */
    public enum GroupCommands {
        /** Those that only look. */
        STATUS,
        ALL
    }
}
