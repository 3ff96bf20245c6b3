// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;

/**
 * Who may command: root and the user that the supervisor runs as, by the credentials that the
 * kernel noted when the peer connected (unix(7), SO_PEERCRED). The socket's mode says the same;
 * this holds when somebody has changed it.
 */
final class PeerPolicy {
    private final UserPrincipal root;
    private final UserPrincipal self;

    private PeerPolicy(UserPrincipal root, UserPrincipal self) {
        this.root = root;
        this.self = self;
    }

    /**
     * @param socket made by this process, so its owner is the user this process runs as
     */
    static PeerPolicy ownerOf(Path socket) throws IOException {
        UserPrincipal root =
                FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0");
        return new PeerPolicy(root, Files.getOwner(socket));
    }

    static UserPrincipal user(SocketChannel peer) throws IOException {
        return peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    }

    boolean mayCommand(UserPrincipal user) {
        return user.equals(root) || user.equals(self);
    }
}
