// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.net.PortException;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;
import org.vblade4j.wire.Mac;

/**
 * An Ethernet interface of this machine, as it was when asked: one with or without an IP address,
 * in the network namespace of the thread that asks.
 *
 * @param mac see {@link Mac}
 * @param up administratively; frames pass only with {@code running} too
 * @param running it has a carrier
 */
public record Nic(String name, long mac, int mtuBytes, boolean up, boolean running) {
    private static final Path DEVICES = Path.of("/proc/thread-self/net/dev");
    private static final int HEAD_LINES = 2;

    /** All but loopback, members of a bond, and those that are no Ethernet; by name. */
    public static List<Nic> all() throws PortException {
        int socket = Libc.socket(Sockets.AF_UNIX, Sockets.SOCK_DGRAM | Sockets.SOCK_CLOEXEC, 0);
        if (socket < 0) {
            throw new PortException("socket: " + Errno.text(Libc.errno()));
        }
        try (NativeMemory request = NativeMemory.allocate(Sockets.IFREQ_BYTES)) {
            List<Nic> nics = new ArrayList<>();
            for (String name : names()) {
                ask(name, socket, request, nics);
            }
            return nics;
        } catch (OsException e) {
            throw new PortException("the list of network interfaces: " + e.getMessage(), e);
        } finally {
            Libc.close(socket);
        }
    }

    /** Those of {@link #all} that are up. */
    public static List<Nic> allUp() throws PortException {
        return all().stream().filter(Nic::up).toList();
    }

    private static List<String> names() throws PortException {
        try {
            return Files.readAllLines(DEVICES).stream()
                    .skip(HEAD_LINES)
                    .map(line -> line.substring(0, line.indexOf(':')).strip())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new PortException(DEVICES + ": " + e.getMessage(), e);
        }
    }

    /** One that is removed meanwhile is left out. */
    private static void ask(String name, int socket, NativeMemory request, List<Nic> nics) {
        ByteBuffer fields = request.buffer().duplicate().order(ByteOrder.nativeOrder());
        byte[] padded = Arrays.copyOf(name.getBytes(StandardCharsets.UTF_8), Sockets.IFREQ_BYTES);
        fields.put(0, padded);
        if (Libc.ioctl(socket, Sockets.SIOCGIFFLAGS, request.address()) != 0) {
            return;
        }
        int flags = fields.getShort(Sockets.IFREQ_VALUE);
        if (Libc.ioctl(socket, Sockets.SIOCGIFMTU, request.address()) != 0) {
            return;
        }
        int mtuBytes = fields.getInt(Sockets.IFREQ_VALUE);
        if (Libc.ioctl(socket, Sockets.SIOCGIFHWADDR, request.address()) != 0) {
            return;
        }
        int type = fields.getShort(Sockets.IFREQ_VALUE) & 0xffff;
        long mac = Mac.get(request.buffer(), Sockets.IFREQ_HWADDR);
        boolean other = (flags & (Sockets.IFF_LOOPBACK | Sockets.IFF_SLAVE)) != 0;
        if (type == Sockets.ARPHRD_ETHER && !other) {
            boolean up = (flags & Sockets.IFF_UP) != 0;
            nics.add(new Nic(name, mac, mtuBytes, up, (flags & Sockets.IFF_RUNNING) != 0));
        }
    }
}
