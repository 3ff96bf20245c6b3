// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.net.link.Link;
import org.vblade4j.sys.OsException;
import org.vblade4j.wire.AoeAddress;

/**
 * The steering groups of one process, one for each interface that more than one of its targets is
 * on. A single target's socket has its filter alone; the second founds the group and takes the
 * first one in. Where that cannot be done each keeps its filter, and only the kernel's work for a
 * frame grows with their number.
 */
final class Steering {
    private static final System.Logger LOG = System.getLogger(Steering.class.getName());
    private static final Path NAMESPACE = Path.of("/proc/thread-self/ns/net");

    private final Map<Place, InterfacePorts> interfaces = new HashMap<>();

    /** An interface of a network namespace. */
    private record Place(String namespace, int interfaceIndex) {}

    /** The targets on one interface. */
    private static final class InterfacePorts {
        final List<SteeredPort> ports = new ArrayList<>();
        SteeringGroup group;
        boolean refused;
    }

    /** A target's port, as long as it is open. */
    static final class SteeredPort {
        final Link link;
        final PacketSocket socket;
        final AoeAddress address;
        final Mailbox mailbox;
        private Place place;

        /** Null while it is alone. Read by the port's thread. */
        volatile GroupMember member;

        SteeredPort(Link link, PacketSocket socket, AoeAddress address, Mailbox mailbox) {
            this.link = link;
            this.socket = socket;
            this.address = address;
            this.mailbox = mailbox;
        }
    }

    /** Takes a port in that has been opened with a filter of its own, by the opening thread. */
    void enter(SteeredPort port) {
        SteeringGroup group;
        synchronized (this) {
            port.place = new Place(namespace(), port.link.index());
            InterfacePorts onInterface =
                    interfaces.computeIfAbsent(port.place, place -> new InterfacePorts());
            onInterface.ports.add(port);
            if (onInterface.ports.size() == 1 || onInterface.refused) {
                return;
            }
            if (onInterface.group != null && onInterface.group.failure() != null) {
                onInterface.group = null; // its targets leave it one by one
            }
            if (onInterface.group == null && !found(onInterface, port)) {
                return;
            }
            group = onInterface.group;
            for (SteeredPort each : onInterface.ports) {
                if (each.member == null) {
                    join(group, each);
                }
            }
        }
        group.upload();
    }

    private static String namespace() {
        try {
            return Files.readSymbolicLink(NAMESPACE).toString();
        } catch (IOException e) {
            return ""; // no proc: there is one namespace as far as can be told
        }
    }

    private static boolean found(InterfacePorts onInterface, SteeredPort port) {
        try {
            onInterface.group = SteeringGroup.found(port.link.name());
            return true;
        } catch (IOException e) {
            onInterface.refused = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: every frame passes every export''s filter: {1}",
                    port.link.name(),
                    e.getMessage());
            return false;
        }
    }

    /** The port must be ready for others' frames before its socket is. */
    private static void join(SteeringGroup group, SteeredPort port) {
        GroupMember member = group.offer(port.address, port.socket, port.mailbox);
        if (member == null) {
            return;
        }
        port.member = member;
        try {
            port.socket.attach(AoeFilter.steered(port.address));
            group.take(member);
        } catch (OsException e) {
            port.member = null;
            try {
                port.socket.attach(AoeFilter.requests(port.address));
            } catch (OsException worse) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: {1}",
                        port.link.name(),
                        worse.getMessage());
            }
        }
    }

    /**
     * Takes a port out whose thread has ended its work.
     *
     * @param closing closes its socket
     */
    void exit(SteeredPort port, Runnable closing) {
        SteeringGroup left = null;
        SteeringGroup ended = null;
        synchronized (this) {
            InterfacePorts onInterface = interfaces.get(port.place);
            onInterface.ports.remove(port);
            if (port.member != null) {
                left = port.member.group();
                left.leave(port.member);
            }
            if (onInterface.ports.isEmpty()) {
                ended = onInterface.group;
                interfaces.remove(port.place);
            }
        }
        closing.run();
        if (ended != null) {
            ended.close();
        } else if (left != null) {
            left.upload();
        }
    }
}
