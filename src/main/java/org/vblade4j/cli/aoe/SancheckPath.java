// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import org.vblade4j.initiator.DiskPath;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.Mac;

/**
 * A path as aoe sancheck found it.
 *
 * @param sectors the most that get through in one frame
 */
record SancheckPath(DiskPath path, int sectors) {
    String interfaceName() {
        return path.interfaceName();
    }

    long mac() {
        return path.target().mac();
    }

    /** As aoe-sancheck prints it, without colons. */
    String bareMac() {
        return Mac.format(mac()).replace(":", "");
    }

    int mtuBytes() {
        return path.port().mtuBytes();
    }

    /** What the interface's MTU promises. */
    int promisedSectors() {
        return Aoe.sectorsPerFrame(mtuBytes());
    }
}
