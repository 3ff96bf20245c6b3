// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.Optional;

/**
 * Who may command besides root and the supervisor's own user.
 *
 * @param group the members of this group may use the socket; empty for nobody
 * @param everything they may give every command; otherwise only those that look
 */
public record ControlAccess(Optional<String> group, boolean everything) {
    /** Root and the supervisor's own user only. */
    public static final ControlAccess OWNER_ONLY = new ControlAccess(Optional.empty(), false);
}
