// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.vblade4j.net.PortException;
import org.vblade4j.sys.OsException;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;

/**
 * The targets' sockets of this process on one interface, as a fanout group (packet(7)): the kernel
 * looks once at a frame and puts it into the ring of the socket it is for, however many there are.
 * The first place belongs to a socket of the group's own, the {@link GroupSocket}; it gets what is
 * for nobody or for everybody, and copies the latter to all.
 *
 * <p>The program names places, and the kernel moves sockets to other places: into the hole when one
 * leaves, and in order of creation after the interface was down. The list of members follows the
 * same rules. Where it is wrong for a moment, or altogether, a frame reaches another's socket; that
 * one passes it on in memory, and the group learns from it which socket has which place. So frames
 * are never served by the wrong target, and rarely lost.
 *
 * <p>Nothing here is on the path of a frame that arrives where it should.
 */
final class SteeringGroup {
    private static final System.Logger LOG = System.getLogger(SteeringGroup.class.getName());
    private static final long SETTLING_NS = 50_000_000;

    private final GroupSocket groupSocket;
    private final int id;
    private final List<GroupMember> places = new ArrayList<>(); // as the kernel has them
    private volatile GroupMember[]
            members = {}; // without the group socket's; replaced, never changed
    private long asked;
    private long done;
    private boolean uploading;
    private boolean closed;
    private long changedNs = System.nanoTime();

    private SteeringGroup(GroupSocket groupSocket, int id) {
        this.groupSocket = groupSocket;
        this.id = id;
    }

    /** A group with the group socket alone, whose thread runs. */
    static SteeringGroup found(String interfaceName) throws PortException, OsException {
        GroupSocket groupSocket = GroupSocket.open(interfaceName);
        try {
            SteeringGroup group =
                    new SteeringGroup(groupSocket, groupSocket.socket().foundFanout());
            GroupMember own =
                    new GroupMember(GroupMember.NO_KEY, groupSocket.socket(), group, null);
            group.places.add(own);
            groupSocket.start(own);
            return group;
        } catch (OsException | RuntimeException | Error e) {
            groupSocket.close();
            throw e;
        }
    }

    /** Null when the group cannot take one more, or nobody else on this address. */
    synchronized GroupMember offer(AoeAddress address, PacketSocket socket, Mailbox mailbox) {
        int key = SteeringProgram.key(address.shelf(), address.slot());
        boolean taken = places.stream().anyMatch(other -> other.key == key);
        boolean full = places.size() > SteeringProgram.MAX_MEMBERS;
        return taken || full || failure() != null
                ? null
                : new GroupMember(key, socket, this, mailbox);
    }

    /** Why the group is of no more use, and its targets need new sockets; null while it is. */
    String failure() {
        return groupSocket.failure();
    }

    /** By the group socket's thread: all targets are to see {@link #failure}. */
    void groupSocketEnded() {
        for (GroupMember member : members) {
            try {
                member.wakeUp();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.ERROR, "a target could not be woken", e);
            }
        }
    }

    /**
     * Takes a socket in: it gets its frames by way of the group socket from here on, and itself
     * after {@link #upload}.
     *
     * @throws OsException it must go on alone: an old kernel refuses while the interface is down
     */
    synchronized void take(GroupMember member) throws OsException {
        member.socket.joinFanout(id);
        places.add(member);
        changed();
    }

    /** The member's socket must be closed next, and {@link #upload} called then. */
    synchronized void leave(GroupMember member) {
        int place = places.indexOf(member);
        GroupMember last = places.remove(places.size() - 1);
        if (last != member) {
            places.set(place, last);
        }
        changed();
    }

    /** Ends the group socket; the group is of no more use. */
    synchronized void close() {
        closed = true;
        awaitUpload(Long.MAX_VALUE); // which needs the group socket's socket
        groupSocket.stop();
    }

    /** Waits until nobody uploads, or somebody has uploaded what is wanted. */
    private synchronized void awaitUpload(long wanted) {
        while (uploading && done < wanted && !Thread.currentThread().isInterrupted()) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    synchronized void flapped() {
        places.sort(Comparator.comparingLong(member -> member.socket.created()));
        changed();
        groupSocket.attend();
    }

    private void changed() {
        asked++;
        changedNs = System.nanoTime();
        members =
                places.stream()
                        .filter(member -> member.key != GroupMember.NO_KEY)
                        .toArray(GroupMember[]::new);
    }

    /**
     * Has the kernel run a program for the members as they are now. It waits for all processors,
     * some 20 ms, so what many ask for at once is done once.
     */
    void upload() {
        long wanted;
        List<GroupMember> now;
        synchronized (this) {
            wanted = asked;
            awaitUpload(wanted);
            if (uploading || closed || done >= wanted) {
                return;
            }
            uploading = true;
            wanted = asked;
            now = List.copyOf(places);
        }
        boolean loaded = load(now);
        synchronized (this) {
            uploading = false;
            done = wanted;
            changedNs = System.nanoTime();
            for (int i = 0; loaded && i < now.size(); i++) {
                now.get(i).steerTo(i);
            }
            notifyAll();
        }
    }

    private boolean load(List<GroupMember> now) {
        List<GroupMember> sorted =
                now.stream()
                        .filter(member -> member.key != GroupMember.NO_KEY)
                        .sorted(Comparator.comparingInt(member -> member.key))
                        .toList();
        int[] keys = sorted.stream().mapToInt(member -> member.key).toArray();
        int[] targets = sorted.stream().mapToInt(now::indexOf).toArray();
        int elsewhere = 0;
        while (now.get(elsewhere).key != GroupMember.NO_KEY) {
            elsewhere++;
        }
        try {
            groupSocket.socket().steer(SteeringProgram.of(keys, targets, elsewhere));
            return true;
        } catch (OsException e) {
            return false; // the group socket gets all, and passes it on
        }
    }

    /**
     * Any member's thread: a frame that arrived at a socket whose own it is not. False when it is
     * dropped because it may come behind newer ones.
     */
    boolean pass(GroupMember arrivedAt, ByteBuffer frame, int offset, int lengthBytes) {
        int shelf = AoeFrame.major(frame, offset);
        int slot = AoeFrame.minor(frame, offset);
        if (shelf == AoeAddress.WILDCARD_SHELF || slot == AoeAddress.WILDCARD_SLOT) {
            distribute(shelf, slot, frame, offset, lengthBytes);
            return true;
        }
        int key = SteeringProgram.key(shelf, slot);
        for (GroupMember member : members) {
            if (member.key == key) {
                boolean inOrder = arrivedAt.key == GroupMember.NO_KEY && !member.steered();
                boolean passes =
                        inOrder || MisdeliveredFrame.mayComeLate(frame, offset, lengthBytes);
                if (passes) {
                    member.post(frame, offset, lengthBytes);
                }
                learn(member, arrivedAt);
                return passes;
            }
        }
        return true; // for nobody here
    }

    private void distribute(int shelf, int slot, ByteBuffer frame, int offset, int lengthBytes) {
        for (GroupMember member : members) {
            boolean meant =
                    (shelf == AoeAddress.WILDCARD_SHELF || shelf == member.key >>> 8)
                            && (slot == AoeAddress.WILDCARD_SLOT || slot == (member.key & 0xff));
            if (meant) {
                member.post(frame, offset, lengthBytes);
            }
        }
    }

    /** The place that the kernel was told for one member is another's. */
    private synchronized void learn(GroupMember meant, GroupMember sitting) {
        int place = places.indexOf(meant);
        int other = places.indexOf(sitting);
        boolean settled = done == asked && System.nanoTime() - changedNs > SETTLING_NS;
        if (settled && place >= 0 && other >= 0 && meant.steeredTo() == place) {
            places.set(place, sitting);
            places.set(other, meant);
            changed();
            groupSocket.attend();
        }
    }
}
