// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import org.vblade4j.guard.DeviceClaims;
import org.vblade4j.net.PortFactory;

/**
 * What all exports of a process share.
 *
 * @param ports the network
 * @param claims which devices are in use
 * @param changes where changes by initiators are kept and logged
 */
record Surroundings(PortFactory ports, DeviceClaims claims, ChangeLog changes) {
    /** For an export that is the only one. */
    static Surroundings of(PortFactory ports) {
        return new Surroundings(ports, new DeviceClaims(), ChangeLog.keepingNothing());
    }
}
