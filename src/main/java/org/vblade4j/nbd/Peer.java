// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import jdk.net.ExtendedSocketOptions;

/**
 * Who is behind a connection, as far as the kernel knows: the user at the other end of a Unix
 * socket, or the address at the other end of TCP. All its connections have one share.
 *
 * @param user a {@code UserPrincipal}, or null for TCP
 * @param name for messages
 */
record Peer(Object user, String name) {
    /** A host on the Internet has so many bytes of an IPv6 address to itself. */
    private static final int PREFIX_BYTES = 8;

    static Peer of(SocketChannel channel) throws IOException {
        if (channel.getRemoteAddress() instanceof InetSocketAddress address) {
            byte[] octets = address.getAddress().getAddress();
            if (octets.length > 2 * Integer.BYTES) {
                return new Peer(
                        null, "net " + Arrays.toString(Arrays.copyOf(octets, PREFIX_BYTES)));
            }
            return new Peer(null, address.getAddress().getHostAddress());
        }
        Object user = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
        return new Peer(user, "user " + user);
    }
}
