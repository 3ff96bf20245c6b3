// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.link;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.vblade4j.net.PortException;
import org.vblade4j.sys.Errno;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;
import org.vblade4j.sys.Sockets;
import org.vblade4j.wire.Mac;

/**
 * What is known about the interface: its index, which stays when it is renamed, and its MTU and
 * address, which {@link #refresh} looks up anew. A link that goes down is still there.
 */
public final class Link implements AutoCloseable {
    private final String name;
    private final byte[] nameBytes;
    private final int index;
    private final int socket;
    private final NativeMemory request;
    private final ByteBuffer fields;
    private final boolean ownsSocket;
    private int hardwareType;
    private int mtuBytes;
    private long mac;

    private Link(String name, int index, int socket, boolean ownsSocket, NativeMemory request) {
        this.ownsSocket = ownsSocket;
        this.name = name;
        nameBytes = Libc.cString(name);
        this.index = index;
        this.socket = socket;
        this.request = request;
        fields = request.buffer().duplicate().order(ByteOrder.nativeOrder());
    }

    /** For a port whose own socket is out of reach. */
    public static Link open(String name) throws PortException {
        int type = Sockets.SOCK_RAW | Sockets.SOCK_CLOEXEC;
        int socket = Libc.socket(Sockets.AF_NETLINK, type, Sockets.NETLINK_ROUTE);
        try {
            if (socket < 0) {
                throw OsException.last("socket(AF_NETLINK)");
            }
            return find(name, socket, true);
        } catch (OsException e) {
            throw new PortException(name + ": " + e.getMessage(), e);
        }
    }

    /**
     * Looks the interface up by its name, once.
     *
     * @param socket any socket, for netdevice(7)'s ioctls; stays the caller's
     */
    public static Link find(String name, int socket) throws PortException, OsException {
        return find(name, socket, false);
    }

    private static Link find(String name, int socket, boolean ownsSocket)
            throws PortException, OsException {
        try {
            return byName(name, socket, ownsSocket);
        } catch (PortException | OsException e) {
            if (ownsSocket) {
                Libc.close(socket);
            }
            throw e;
        }
    }

    private static Link byName(String name, int socket, boolean ownsSocket)
            throws PortException, OsException {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes >= Sockets.IFNAMSIZ) {
            throw new PortException(
                    "\"" + name + "\" is no interface name, expected 1 to 15 bytes");
        }
        int index = Libc.if_nametoindex(Libc.cString(name));
        if (index == 0) {
            throw new PortException(name + ": no such network interface");
        }
        NativeMemory request = NativeMemory.allocate(Sockets.IFREQ_BYTES);
        Link link = new Link(name, index, socket, ownsSocket, request);
        try {
            if (!link.look()) {
                throw link.gone();
            }
            link.requireEthernet();
        } catch (PortException e) {
            request.close();
            throw e;
        }
        return link;
    }

    private void requireEthernet() throws PortException {
        if (hardwareType != Sockets.ARPHRD_ETHER) {
            throw new PortException(
                    name
                            + ": not an Ethernet interface (hardware type "
                            + hardwareType
                            + ", expected 1)");
        }
    }

    /**
     * Asks for MTU and address anew. They stay as they were while the interface is found by no
     * name: the kernel takes the old one away some milliseconds before it gives the new one, and
     * tells of a link event then.
     *
     * @throws PortException the interface does not exist any more
     */
    public void refresh() throws PortException {
        look();
    }

    /** False when it was not found by the name it had just before. */
    private boolean look() throws PortException {
        fields.putInt(Sockets.IFREQ_VALUE, index);
        if (!ask(Sockets.SIOCGIFNAME, "SIOCGIFNAME")) {
            throw gone();
        }
        if (renamed() && hasHeir()) {
            throw new PortException(name + ": another network interface has this name now");
        }
        if (!ask(Sockets.SIOCGIFMTU, "SIOCGIFMTU")) {
            return false;
        }
        int newMtuBytes = fields.getInt(Sockets.IFREQ_VALUE);
        if (!ask(Sockets.SIOCGIFHWADDR, "SIOCGIFHWADDR")) {
            return false;
        }
        hardwareType = fields.getShort(Sockets.IFREQ_VALUE) & 0xffff;
        long newMac = Mac.get(request.buffer(), Sockets.IFREQ_HWADDR);
        if (!ask(Sockets.SIOCGIFINDEX, "SIOCGIFINDEX")
                || fields.getInt(Sockets.IFREQ_VALUE) != index) {
            return false; // another one's by now
        }
        mtuBytes = newMtuBytes;
        mac = newMac;
        return true;
    }

    /** SIOCGIFNAME has just written the name that the interface has now. */
    private boolean renamed() {
        for (int i = 0; i < nameBytes.length; i++) { // with the NUL
            if (fields.get(i) != nameBytes[i]) {
                return true;
            }
        }
        return false;
    }

    /** Whether another has our name now. A renamed interface is served on until then. */
    private boolean hasHeir() {
        int heir = Libc.if_nametoindex(nameBytes);
        return heir != 0 && heir != index;
    }

    /** False for an interface that does not exist. */
    private boolean ask(long ioctl, String what) throws PortException {
        if (Libc.ioctl(socket, ioctl, request.address()) == 0) {
            return true;
        }
        int errno = Libc.errno();
        if (errno == Errno.ENODEV || errno == Errno.ENXIO) {
            return false;
        }
        throw new PortException(name + ": " + what + ": " + Errno.text(errno));
    }

    private PortException gone() {
        return new PortException(name + ": the network interface is gone");
    }

    /** As it was when the port was opened. */
    public String name() {
        return name;
    }

    public int index() {
        return index;
    }

    public int mtuBytes() {
        return mtuBytes;
    }

    public long mac() {
        return mac;
    }

    @Override
    public void close() {
        request.close();
        if (ownsSocket) {
            Libc.close(socket);
        }
    }
}
