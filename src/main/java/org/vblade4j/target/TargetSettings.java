// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.util.List;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/**
 * What a target is told when it starts.
 *
 * @param address its own address, which is never a wildcard
 * @param bufferCount requests that initiators may keep in progress, 1 to 65535; Linux needs 2
 * @param allowedMacs the MAC mask list to begin with; empty for everybody. One that is longer than
 *     a frame can carry is obeyed, but cannot be read over the network
 * @param identity what the disk calls itself
 * @param roundSectors offer whole multiples of 8 sectors a frame, where 8 fit: a frame then never
 *     holds a part of a 4096-byte block, if the host starts at one
 * @param access who may do what, of the stations that the mask list lets in
 * @param limits how much each station may ask
 * @param loss what a host is told while the store is away
 * @param policy whose changes are accepted, of the stations that may change something
 */
public record TargetSettings(
        AoeAddress address,
        int bufferCount,
        List<Long> allowedMacs,
        DiskIdentity identity,
        boolean roundSectors,
        AccessList access,
        StationLimits limits,
        LossPolicy loss,
        RemotePolicy policy) {

    /** As vblade serves: whoever the mask list lets in may do everything. */
    public TargetSettings(
            AoeAddress address, int bufferCount, List<Long> allowedMacs, DiskIdentity identity) {
        this(
                address,
                bufferCount,
                allowedMacs,
                identity,
                false,
                AccessList.OPEN,
                StationLimits.NONE,
                LossPolicy.DEFAULT,
                RemotePolicy.OPEN);
    }

    /** A target that who has the right to change may change. */
    public TargetSettings(
            AoeAddress address,
            int bufferCount,
            List<Long> allowedMacs,
            DiskIdentity identity,
            boolean roundSectors,
            AccessList access,
            StationLimits limits,
            LossPolicy loss) {
        this(
                address,
                bufferCount,
                allowedMacs,
                identity,
                roundSectors,
                access,
                limits,
                loss,
                RemotePolicy.OPEN);
    }

    /** The same, with other rules for changes. */
    TargetSettings with(RemotePolicy newer) {
        return new TargetSettings(
                address,
                bufferCount,
                allowedMacs,
                identity,
                roundSectors,
                access,
                limits,
                loss,
                newer);
    }

    public TargetSettings {
        allowedMacs = List.copyOf(allowedMacs);
        if (bufferCount < 1 || bufferCount > 0xffff) {
            throw new IllegalArgumentException(
                    "buffer count " + bufferCount + ", expected 1 to 65535");
        }
        for (long mac : allowedMacs) {
            if (!Mac.isUnicast(mac)) {
                throw new IllegalArgumentException(
                        "allowed MAC " + Mac.format(mac) + ", expected one station's address");
            }
        }
    }
}
