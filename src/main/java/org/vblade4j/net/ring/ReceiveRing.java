// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ReturnedFrames;
import org.vblade4j.net.link.Link;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.Packet;
import org.vblade4j.wire.Mac;

/**
 * A TPACKET_V2 ring, walked in order. The status word hands each frame over: once it says USER the
 * kernel has written the frame and will not touch it before it says KERNEL again. The kernel fills
 * frames strictly in turn, so one that is kept stalls all behind it: frames are kept for a batch,
 * never for a request.
 */
final class ReceiveRing implements AutoCloseable {
    private static final VarHandle INT =
            MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final VarHandle SHORT =
            MethodHandles.byteBufferViewVarHandle(short[].class, ByteOrder.nativeOrder());

    private final NativeMemory memory;
    private final ByteBuffer ring;
    private final int[] offsets;
    private final PortOptions options;
    private final Link link;
    private final Counters counters;
    private int next;
    private boolean losing;

    ReceiveRing(
            NativeMemory memory,
            RingLayout layout,
            PortOptions options,
            Link link,
            Counters counters) {
        this.memory = memory;
        this.options = options;
        this.link = link;
        this.counters = counters;
        ring = memory.buffer();
        offsets = new int[layout.frames()];
        for (int i = 0; i < offsets.length; i++) {
            offsets[i] = layout.offset(i);
        }
    }

    /** True when a frame waits, be it one that will be dropped. */
    boolean ready() {
        return (status(offsets[next]) & Packet.TP_STATUS_USER) != 0;
    }

    /** As {@link org.vblade4j.net.EthernetPort#backlogFrames}; the ring is filled in turn. */
    int backlogFrames() {
        int half = offsets.length / 2;
        int middle = next + half < offsets.length ? next + half : next + half - offsets.length;
        return (status(offsets[middle]) & Packet.TP_STATUS_USER) != 0 ? half : 0;
    }

    /**
     * As {@link org.vblade4j.net.EthernetPort#receive}.
     *
     * @param member takes the frames that are another's; null when there can be none
     */
    int receive(FrameHandler handler, int limit, GroupMember member) {
        int first = next;
        int taken = 0;
        int lent = 0;
        while (lent < limit && taken < offsets.length) {
            int header = offsets[next];
            int status = status(header);
            if ((status & Packet.TP_STATUS_USER) == 0) {
                break;
            }
            losing |= (status & Packet.TP_STATUS_LOSING) != 0;
            if (wanted(header, status)) {
                int lengthBytes = (int) INT.get(ring, header + Packet.TP_SNAPLEN);
                int offset = frameOffset(header);
                if (member == null || member.owns(ring, offset)) {
                    handler.onFrame(ring, offset, lengthBytes);
                    lent++;
                } else if (!member.misdelivered(ring, offset, lengthBytes)) {
                    counters.increment(Counter.LATE_DROPS);
                }
            }
            next = following(next);
            taken++;
        }
        if (lent > 0) {
            handler.batchEnd();
            counters.add(Counter.FRAMES_RECEIVED, lent);
        }
        for (int frame = first; taken > 0; taken--) {
            assert overwrite(offsets[frame]);
            INT.setRelease(ring, offsets[frame] + Packet.TP_STATUS, Packet.TP_STATUS_KERNEL);
            frame = following(frame);
        }
        return lent;
    }

    private boolean overwrite(int header) {
        int lengthBytes = (int) INT.get(ring, header + Packet.TP_SNAPLEN);
        return ReturnedFrames.overwrite(ring, frameOffset(header), lengthBytes);
    }

    private int following(int frame) {
        return frame + 1 == offsets.length ? 0 : frame + 1;
    }

    /** True once after the kernel said that it had dropped frames. */
    boolean takeLosing() {
        boolean was = losing;
        losing = false;
        return was;
    }

    private int status(int header) {
        return (int) INT.getAcquire(ring, header + Packet.TP_STATUS);
    }

    private boolean wanted(int header, int status) {
        int type = ring.get(header + Packet.TP_SOCKADDR + Packet.SLL_PKTTYPE);
        if ((status & Packet.TP_STATUS_VLAN_VALID) != 0) {
            counters.increment(Counter.VLAN_DROPS);
        } else if (type != Packet.PACKET_HOST
                && type != Packet.PACKET_BROADCAST
                && !options.isStation(Mac.get(ring, frameOffset(header)))) {
            counters.increment(strangerClass(header));
        } else if ((int) INT.get(ring, header + Packet.TP_LEN)
                != (int) INT.get(ring, header + Packet.TP_SNAPLEN)) {
            counters.increment(Counter.TRUNCATED_DROPS);
        } else {
            return true;
        }
        return false;
    }

    /**
     * A frame with the tag of a VLAN that the machine does not have is marked as another host's and
     * loses its tag before a socket of one protocol sees it; its destination gives it away.
     */
    private Counter strangerClass(int header) {
        long destination = Mac.get(ring, frameOffset(header));
        return destination == link.mac() || destination == Mac.BROADCAST
                ? Counter.VLAN_DROPS
                : Counter.OTHER_HOST_DROPS;
    }

    private int frameOffset(int header) {
        return header + ((short) SHORT.get(ring, header + Packet.TP_MAC) & 0xffff);
    }

    @Override
    public void close() {
        memory.close();
    }
}
