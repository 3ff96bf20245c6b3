// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;

/**
 * How long the supervisor waits for an export before it says so.
 *
 * @param start for a start to come to a result
 * @param stop for a stop to come to an end; then a command or the end of the supervisor waits no
 *     more, but the run goes on to its end
 */
record Timeouts(Duration start, Duration stop) {
    static final Timeouts DEFAULTS = new Timeouts(Duration.ofSeconds(30), Duration.ofSeconds(10));
}
