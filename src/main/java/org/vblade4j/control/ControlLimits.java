// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.time.Duration;

/**
 * What a client may take up, and what is done for it unasked.
 *
 * @param connections served at once; more wait in the kernel's queue
 * @param lineBytes the longest request, its line end not counted
 * @param lookPeriod how often to see whether the socket still has its name
 * @param patience for a request to arrive, and again for an answer to be taken
 */
record ControlLimits(int connections, int lineBytes, Duration lookPeriod, Duration patience) {
    static final ControlLimits DEFAULTS =
            new ControlLimits(256, 65_536, Duration.ofSeconds(1), Duration.ofSeconds(10));
}
