// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import org.vblade4j.wire.AoeFrame;

/**
 * One socket's place in a {@link SteeringGroup}, and what its port's thread does with misdelivered
 * frames.
 */
final class GroupMember {
    /** The key of the group's own socket, which no address has. */
    static final int NO_KEY = -1;

    final int key;
    final PacketSocket socket;
    private final SteeringGroup group;
    private final Mailbox mailbox;

    /** Its place in the program that the kernel runs; negative before it has one. */
    private volatile int steeredTo = -1;

    GroupMember(int key, PacketSocket socket, SteeringGroup group, Mailbox mailbox) {
        this.key = key;
        this.socket = socket;
        this.group = group;
        this.mailbox = mailbox;
    }

    /** Under the group's lock: the kernel now gives its frames to the socket at that place. */
    void steerTo(int place) {
        steeredTo = place;
    }

    int steeredTo() {
        return steeredTo;
    }

    /**
     * Until the kernel has been told of it all its frames come by way of the group socket, in
     * order.
     */
    boolean steered() {
        return steeredTo >= 0;
    }

    /** True when a frame that arrived on this socket is for this member. */
    boolean owns(ByteBuffer frame, int offset) {
        return keyOf(frame, offset) == key;
    }

    static int keyOf(ByteBuffer frame, int offset) {
        return SteeringProgram.key(AoeFrame.major(frame, offset), AoeFrame.minor(frame, offset));
    }

    /**
     * Passes on a frame that arrived on this socket and is not its own; false when it was dropped,
     * see {@link MisdeliveredFrame}.
     */
    boolean misdelivered(ByteBuffer frame, int offset, int lengthBytes) {
        return group.pass(this, frame, offset, lengthBytes);
    }

    void wakeUp() {
        mailbox.wakeUp();
    }

    SteeringGroup group() {
        return group;
    }

    boolean post(ByteBuffer frame, int offset, int lengthBytes) {
        return mailbox.post(frame, offset, lengthBytes);
    }

    /** The interface went down: the kernel has taken the sockets out, and puts them in again. */
    void flapped() {
        group.flapped();
    }
}
