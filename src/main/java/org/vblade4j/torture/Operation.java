// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

/** What a host wants done, however often it has to ask for it. */
final class Operation {
    /** Written into every sector; also for a read a number of its own, for messages. */
    final long id;

    final boolean write;
    final long lba;
    final int sectors;

    /** Answered, or its host has given up. */
    boolean over;

    /** Sent at least once. */
    boolean begun;

    /** How often its host has waited in vain for an answer. */
    int timeouts;

    /** Its host gives up when so many times no answer came. */
    final int patience;

    Operation(long id, boolean write, long lba, int sectors, int patience) {
        this.id = id;
        this.write = write;
        this.lba = lba;
        this.sectors = sectors;
        this.patience = patience;
    }
}
