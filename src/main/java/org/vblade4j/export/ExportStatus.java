// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.config.ExportOptions;
import org.vblade4j.metrics.Counters;

/**
 * A running export as others see it.
 *
 * @param sectors its size now, in sectors of 512 bytes
 * @param openMode how its store is open, in vblade's words: {@code O_RDWR} or {@code O_RDONLY},
 *     then {@code |O_DIRECT} and {@code |O_SYNC}
 * @param durability what an answered write is worth: {@code cached}, {@code synced}, {@code direct}
 *     or {@code direct-synced}
 * @param engine what runs its I/O: {@code uring}, {@code threads} or {@code sync}
 * @param mac the address it answers from, see {@link org.vblade4j.wire.Mac}
 * @param mtuBytes the interface's MTU now
 * @param threads how many threads serve it
 * @param spinUs how many microseconds it looks for the next request before it sleeps
 * @param waitingFor what it cannot serve without at the moment, interface or device, for the
 *     operator; empty when it serves
 * @param rivalMac who else answers under the same address, 0 for nobody
 * @param counters live: the values go on changing
 */
public record ExportStatus(
        long sectors,
        String openMode,
        String durability,
        String engine,
        long mac,
        int mtuBytes,
        int threads,
        int spinUs,
        String waitingFor,
        long rivalMac,
        Counters counters) {
    /** The same but for what is asked when it is read. */
    ExportStatus with(int threadsNow, int spinUsNow, String waitingForNow) {
        return new ExportStatus(
                sectors,
                openMode,
                durability,
                engine,
                mac,
                mtuBytes,
                threadsNow,
                spinUsNow,
                waitingForNow,
                rivalMac,
                counters);
    }

    /** In the words of vblade's own status line. */
    static String openMode(ExportOptions options) {
        return (options.readOnly() ? "O_RDONLY" : "O_RDWR")
                + (options.direct() ? "|O_DIRECT" : "")
                + (options.synced() ? "|O_SYNC" : "");
    }
}
