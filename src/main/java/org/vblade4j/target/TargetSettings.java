// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.List;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;

/**
 * What a target is told when it starts.
 *
 * @param address its own address, which is never a wildcard
 * @param bufferCount requests that initiators may keep in progress, 1 to 65535; Linux needs 2
 * @param allowedMacs the MAC mask list to begin with, at most 255; empty for everybody
 * @param identity what the disk calls itself
 * @param roundSectors offer whole multiples of 8 sectors a frame, where 8 fit: a frame then never
 *     holds a part of a 4096-byte block, if the host starts at one
 */
public record TargetSettings(
        AoeAddress address,
        int bufferCount,
        List<Long> allowedMacs,
        DiskIdentity identity,
        boolean roundSectors) {

    /** As many sectors a frame as fit. */
    public TargetSettings(
            AoeAddress address, int bufferCount, List<Long> allowedMacs, DiskIdentity identity) {
        this(address, bufferCount, allowedMacs, identity, false);
    }

    public TargetSettings {
        allowedMacs = List.copyOf(allowedMacs);
        if (bufferCount < 1 || bufferCount > 0xffff) {
            throw new IllegalArgumentException(
                    "buffer count " + bufferCount + ", expected 1 to 65535");
        }
        if (allowedMacs.size() > MaskFrame.MAX_DIRECTIVES) {
            throw new IllegalArgumentException(
                    allowedMacs.size() + " allowed MACs, expected at most 255");
        }
        for (long mac : allowedMacs) {
            if (!Mac.isUnicast(mac)) {
                throw new IllegalArgumentException(
                        "allowed MAC " + Mac.format(mac) + ", expected one station's address");
            }
        }
    }
}
