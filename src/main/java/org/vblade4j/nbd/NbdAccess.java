// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/**
 * Who may be a client.
 *
 * @param users of a Unix socket; empty for all who can reach it
 * @param tls when present, nobody is served without it
 */
public record NbdAccess(Set<UserPrincipal> users, Optional<Tls> tls) {
    public static final NbdAccess EVERYBODY = new NbdAccess(Set.of(), Optional.empty());

    public NbdAccess {
        users = Set.copyOf(users);
    }
}
