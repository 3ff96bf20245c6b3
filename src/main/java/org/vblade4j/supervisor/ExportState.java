// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.util.Locale;

/** Where an export is in its life. */
enum ExportState {
    /** Not running and not meant to. */
    STOPPED,
    STARTING,
    STARTED,
    /** Asked to end and not gone yet. */
    STOPPING,
    /** Ended by an error; a restart is due. */
    CRASHED,
    /** Ended by an error too often; waits for an operator. */
    FAILED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As in status rows and state files. */
    String label() {
        return label;
    }
}
