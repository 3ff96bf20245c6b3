// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import org.vblade4j.wire.Aoe;

/** One of the stations that the program plays. Hosts use the same tags at the same time. */
final class Host {
    final int index;
    final long mac;
    private int tag;

    /** Whether the target has answered it at all. */
    boolean answered;

    Host(int index, long mac) {
        this.index = index;
        this.mac = mac;
    }

    int nextTag() {
        return ++tag | Aoe.TAG_USER_SPACE;
    }
}
