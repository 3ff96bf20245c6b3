// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.List;
import java.util.Optional;
import org.vblade4j.config.DaemonSettings;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.target.StationActivity;

/**
 * One run of an export, from a start to the end that follows it. Its work is done on threads of its
 * own; all methods return at once.
 */
public interface Supervised {
    /**
     * Asks it to end in order: finish what is in progress, flush, close. It ends when its device
     * has done so, and nothing can end it earlier: the kernel needs its memory until then.
     */
    void stop();

    /** Goes on with other settings, as far as they concern what runs. */
    default void apply(DaemonSettings settings) {}

    /** Empty until it serves. */
    Optional<ExportStatus> status();

    /** What each station has done with it, in no order. */
    List<StationActivity> activities();

    /** Makes runs. */
    interface Factory {
        /** Hosts wait for an answer: from now on nothing is prepared that they can do without. */
        default void hurry() {}

        /**
         * Begins to start an export on its own threads. Whatever is thrown counts as a crash, as
         * does an end that nobody asked for.
         */
        Supervised start(ExportSpec spec, DaemonSettings settings, Listener listener);
    }

    /** Told from any thread; the calls of one run come in this order, and the last always comes. */
    interface Listener {
        /** It serves. Left out when it never gets there. */
        void started();

        /** All its threads, files and sockets are gone; {@code cause} is null for a clean end. */
        void ended(Throwable cause);
    }
}
