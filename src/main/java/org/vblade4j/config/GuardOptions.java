// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.time.Duration;

/**
 * What keeps two from writing one disk, and two targets from answering under one address.
 *
 * @param deviceInUse what becomes of an export whose file or device somebody else uses
 * @param addressInUse what becomes of an export whose address another target answers under
 * @param probe how long a start listens for another target; zero to not ask
 * @param watch how often a running export asks again; zero to only listen
 */
public record GuardOptions(
        Conflict deviceInUse, Conflict addressInUse, Duration probe, Duration watch) {
    /** What a start does about a conflict. */
    public enum Conflict {
        /** The export does not start, and is tried again later. */
        REFUSE,
        /** The conflict is logged and the export starts all the same. */
        WARN
    }

    /** As in {@code reference.conf}. */
    public static final GuardOptions DEFAULTS =
            new GuardOptions(
                    Conflict.REFUSE,
                    Conflict.REFUSE,
                    Duration.ofMillis(100),
                    Duration.ofSeconds(60));
}
