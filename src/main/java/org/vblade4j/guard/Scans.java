// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

/**
 * Looks at all processes once for all who ask at the same time: hundreds of exports may start
 * together, and each needs a look that began after it asked.
 */
final class Scans {
    private OpenFiles latest;
    private long begunNs;

    OpenFiles fresh() {
        long askedNs = System.nanoTime();
        synchronized (this) {
            if (latest == null || begunNs - askedNs < 0) {
                begunNs = System.nanoTime();
                latest = OpenFiles.scan();
            }
            return latest;
        }
    }
}
