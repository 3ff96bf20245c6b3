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

    private final Map<Place, Crowd> crowds = new HashMap<>();

    /** An interface of a network namespace. */
    private record Place(String namespace, int interfaceIndex) {}

    /** The targets on one interface. */
    private static final class Crowd {
        final List<Member> members = new ArrayList<>();
        SteeringGroup group;
        boolean refused;
    }

    /** A target's port, as long as it is open. */
    static final class Member {
        final Link link;
        final PacketSocket socket;
        final AoeAddress address;
        final Mailbox mailbox;
        private Place place;

        /** Null while it is alone. Read by the port's thread. */
        volatile Seat seat;

        Member(Link link, PacketSocket socket, AoeAddress address, Mailbox mailbox) {
            this.link = link;
            this.socket = socket;
            this.address = address;
            this.mailbox = mailbox;
        }
    }

    /** Takes a port in that has been opened with a filter of its own, by the opening thread. */
    void enter(Member member) {
        SteeringGroup group;
        synchronized (this) {
            member.place = new Place(namespace(), member.link.index());
            Crowd crowd = crowds.computeIfAbsent(member.place, place -> new Crowd());
            crowd.members.add(member);
            if (crowd.members.size() == 1 || crowd.refused) {
                return;
            }
            if (crowd.group != null && crowd.group.failure() != null) {
                crowd.group = null; // its targets leave it one by one
            }
            if (crowd.group == null && !found(crowd, member)) {
                return;
            }
            group = crowd.group;
            for (Member each : crowd.members) {
                if (each.seat == null) {
                    seat(group, each);
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

    private static boolean found(Crowd crowd, Member member) {
        try {
            crowd.group = SteeringGroup.found(member.link.name());
            return true;
        } catch (IOException e) {
            crowd.refused = true;
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: every frame passes every export''s filter: {1}",
                    member.link.name(),
                    e.getMessage());
            return false;
        }
    }

    /** The port must be ready for others' frames before its socket is. */
    private static void seat(SteeringGroup group, Member member) {
        Seat seat = group.offer(member.address, member.socket, member.mailbox);
        if (seat == null) {
            return;
        }
        member.seat = seat;
        try {
            member.socket.attach(AoeFilter.steered(member.address));
            group.take(seat);
        } catch (OsException e) {
            member.seat = null;
            try {
                member.socket.attach(AoeFilter.requests(member.address));
            } catch (OsException worse) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0}: {1}",
                        member.link.name(),
                        worse.getMessage());
            }
        }
    }

    /**
     * Takes a port out whose thread has ended its work.
     *
     * @param closing closes its socket
     */
    void exit(Member member, Runnable closing) {
        SteeringGroup left = null;
        SteeringGroup ended = null;
        synchronized (this) {
            Crowd crowd = crowds.get(member.place);
            crowd.members.remove(member);
            if (member.seat != null) {
                left = member.seat.group();
                left.leave(member.seat);
            }
            if (crowd.members.isEmpty()) {
                ended = crowd.group;
                crowds.remove(member.place);
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
