// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.List;
import org.vblade4j.net.EthernetPort;

/**
 * One way to a target: from an interface of this machine to a station that answers for the target's
 * address. A target with two interfaces, seen from two of ours, may have up to four.
 *
 * @param interfaceName for messages
 * @param port on that interface; several paths may share one
 * @param target what answered there
 */
public record DiskPath(String interfaceName, EthernetPort port, FoundTarget target) {
    /** The one path there is, on an interface that needs no name. */
    static List<DiskPath> only(EthernetPort port, FoundTarget target) {
        return List.of(new DiskPath("", port, target));
    }
}
