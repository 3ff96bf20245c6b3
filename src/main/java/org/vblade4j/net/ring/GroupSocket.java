// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortException;

/**
 * The thread and the socket of a {@link SteeringGroup} itself: takes what is for no single target
 * and hands it to the group. Asleep unless there is something.
 */
final class GroupSocket implements FrameHandler, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(GroupSocket.class.getName());
    private static final int BATCH = 64;

    private final String interfaceName;
    private final RingResources parts;
    private final RingPort port;
    private final AtomicBoolean attention = new AtomicBoolean();
    private GroupMember member;
    private SteeringGroup group;
    private volatile boolean stopping;
    private volatile String failure;

    private GroupSocket(String interfaceName, RingResources parts) {
        this.interfaceName = interfaceName;
        this.parts = parts;
        port = new RingPort(parts, new Counters());
    }

    static GroupSocket open(String interfaceName) throws PortException {
        return new GroupSocket(
                interfaceName, RingResources.openForAll(interfaceName, Mailbox.FRAMES));
    }

    PacketSocket socket() {
        return parts.socket();
    }

    /** By the opener, once. */
    void start(GroupMember ownMember) {
        member = ownMember;
        group = ownMember.group();
        Thread thread = new Thread(this::run, "steering:" + interfaceName);
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (port) {
            while (!stopping) {
                if (attention.getAndSet(false)) {
                    group.upload();
                }
                if (port.receive(this, BATCH) == 0) {
                    port.await(-1);
                }
            }
            end("it was stopped");
        } catch (PortException e) {
            end(e.getMessage());
        } catch (RuntimeException | Error e) {
            LOG.log(System.Logger.Level.ERROR, interfaceName + ": a defect", e);
            end(e.toString());
        }
    }

    private void end(String why) {
        failure = why;
        group.groupSocketEnded();
    }

    @Override
    public void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        group.pass(member, buffer, offset, lengthBytes);
    }

    /** Any thread: has it upload the program when it comes to it. */
    void attend() {
        attention.set(true);
        port.wakeUp();
    }

    void stop() {
        stopping = true;
        port.wakeUp();
    }

    /** Why nobody hears the wildcards any more; null while its thread does. */
    String failure() {
        return failure;
    }

    /** When its thread was never started. */
    @Override
    public void close() {
        port.close();
    }
}
