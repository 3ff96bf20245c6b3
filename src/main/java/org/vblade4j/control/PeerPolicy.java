// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;

/**
 * Who may command: root and the user that the supervisor runs as, by the credentials that the
 * kernel noted when the peer connected (unix(7), SO_PEERCRED). The socket's mode says the same;
 * this holds when somebody has changed it.
 *
 * <p>Others have passed the kernel's check of the socket's group, supplementary groups included,
 * which those credentials do not show. That counts as long as the socket is still as it was made:
 * open to its group and to nobody else.
 */
final class PeerPolicy {
    /** What changes nothing; a command that is not named here is not for the group. */
    private static final Set<Verb> LOOKING =
            EnumSet.of(Verb.STATUS, Verb.LIST, Verb.DUMP, Verb.PING, Verb.HELP);

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.of(
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private final Path socket;
    private final ControlAccess access;
    private final UserPrincipal root;
    private final UserPrincipal self;

    private PeerPolicy(Path socket, ControlAccess access, UserPrincipal root, UserPrincipal self) {
        this.socket = socket;
        this.access = access;
        this.root = root;
        this.self = self;
    }

    /**
     * @param socket made by this process, so its owner is the user this process runs as
     */
    static PeerPolicy of(Path socket, ControlAccess access) throws IOException {
        UserPrincipal root =
                FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("0");
        return new PeerPolicy(socket, access, root, Files.getOwner(socket));
    }

    static UserPrincipal user(SocketChannel peer) throws IOException {
        return peer.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
    }

    /** Whether the user may give any command at all. */
    boolean mayConnect(UserPrincipal user) {
        return isOwner(user) || (access.group().isPresent() && openToGroupOnly());
    }

    /** Whether a user who may connect may give this command; null for one that is not known. */
    boolean mayGive(UserPrincipal user, Verb verb) {
        return isOwner(user) || access.everything() || verb == null || LOOKING.contains(verb);
    }

    private boolean isOwner(UserPrincipal user) {
        return user.equals(root) || user.equals(self);
    }

    private boolean openToGroupOnly() {
        try {
            PosixFileAttributes now =
                    Files.readAttributes(
                            socket, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return now.group().getName().equals(access.group().get())
                    && now.permissions().stream().noneMatch(OTHERS::contains);
        } catch (IOException e) {
            return false;
        }
    }
}
