// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.util.Optional;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.metrics.Counters;

/** Where an export's thread shows to others how it fares. Written by that thread, read by any. */
final class StatusBoard {
    private final ExportSpec spec;
    private final Counters counters = new Counters();
    private volatile ExportStatus shown;
    private volatile String insteadOfWaiting = "";

    StatusBoard(ExportSpec spec) {
        this.spec = spec;
    }

    /** The same for the board's life. */
    Counters counters() {
        return counters;
    }

    /**
     * Any thread: empty until something was published.
     *
     * @param threads of the export, now
     * @param spinUs as it is set now
     */
    Optional<ExportStatus> read(int threads, int spinUs) {
        return Optional.ofNullable(shown)
                .map(status -> status.with(threads, spinUs, waitingFor(status)));
    }

    private String waitingFor(ExportStatus status) {
        String other = insteadOfWaiting;
        return other.isEmpty() ? status.waitingFor() : other;
    }

    /**
     * Any thread: what is shown as waited for instead of what the export's thread has published
     * last; empty for nothing.
     */
    void override(String what) {
        insteadOfWaiting = what;
    }

    /** Any thread. */
    boolean isEmpty() {
        return shown == null;
    }

    /** Something is waited for. */
    boolean waits() {
        return shown != null && !shown.waitingFor().isEmpty();
    }

    /**
     * @param waitingFor what it cannot serve without; empty when it has all
     */
    void publish(
            long sectors, String engine, long mac, int mtuBytes, long rivalMac, String waitingFor) {
        ExportStatus last = shown;
        if (last == null
                || last.sectors() != sectors
                || last.mac() != mac
                || last.mtuBytes() != mtuBytes
                || last.rivalMac() != rivalMac
                || !last.waitingFor().equals(waitingFor)) {
            shown =
                    new ExportStatus(
                            sectors,
                            ExportStatus.openMode(spec.options()),
                            spec.options().durability().label(),
                            engine,
                            mac,
                            mtuBytes,
                            0,
                            0,
                            waitingFor,
                            rivalMac,
                            counters);
        }
    }

    /**
     * Something must come first before it serves again, or ends. Nothing before {@link #publish}.
     */
    void waitsFor(String what) {
        ExportStatus last = shown;
        if (last != null) {
            publish(
                    last.sectors(),
                    last.engine(),
                    last.mac(),
                    last.mtuBytes(),
                    last.rivalMac(),
                    what);
        }
    }
}
