// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.util.List;

/**
 * A read that no order of the writes explains, with just as much of the sector's history as shows
 * it: without {@code overwritten} the read could be explained, and nothing else matters.
 *
 * @param read what was found, and when
 * @param copies all that is known to have written that value there; none of them explains the read
 * @param overwritten another value that the sector certainly held after all of them and before the
 *     read; null when nobody had written what was read by then
 */
record Contradiction(Observation read, List<WriteCopy> copies, Observation overwritten) {

    @Override
    public String toString() {
        return read
                + ", but "
                + (overwritten == null ? "nobody had written that" : overwritten)
                + "; copies of what was read: "
                + copies;
    }
}
