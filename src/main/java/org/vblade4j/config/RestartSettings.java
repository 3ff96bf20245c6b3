// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import java.time.Duration;

/**
 * When a crashed export is started again; OpenRC's names (supervise-daemon(8)).
 *
 * @param delay pause before the first restart; it doubles with each further crash in the period
 * @param max restarts within the period after which the export is given up; 0 means never
 * @param period the sliding window in which restarts are counted
 */
public record RestartSettings(Duration delay, int max, Duration period) {
    /** As in {@code reference.conf}. */
    public static final RestartSettings DEFAULTS =
            new RestartSettings(Duration.ofSeconds(1), 10, Duration.ofSeconds(120));
}
