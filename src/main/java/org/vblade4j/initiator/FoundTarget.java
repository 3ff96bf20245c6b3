// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import org.vblade4j.wire.AoeAddress;

/**
 * What a target said of itself in a Config/Query response (AoEr11 §3.2).
 *
 * @param mac the station that answered, see {@link org.vblade4j.wire.Mac}
 * @param bufferCount requests it keeps at once
 * @param firmware its version, by convention of its maker
 * @param maxSectors the most sectors of a request, 1 to 255
 * @param configString its bytes as ISO-8859-1 characters, any of the 256
 */
public record FoundTarget(
        AoeAddress address,
        long mac,
        int bufferCount,
        int firmware,
        int maxSectors,
        String configString) {

    private static final int VBLADE = 0x4000;

    /** The C program, whose versions count from 0x4000 on; or qaoed, which says it is one. */
    public boolean isVblade() {
        return (firmware & 0xff00) == VBLADE;
    }
}
