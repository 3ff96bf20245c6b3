// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortOptions;
import org.vblade4j.wire.Mac;

/**
 * An Ethernet segment inside the process. A frame that a port flushes is in the queues of its
 * receivers at once, so that one thread can drive both ends and the outcome depends on the order of
 * calls and the seed alone; ports may as well belong to a thread each.
 *
 * <p>Ports with one hardware address are sockets on one interface: a frame for it reaches all of
 * them, and they do not hear each other. Unicast to an address that no port has reaches nobody.
 */
public final class MemoryLan {
    private static final int MAX_HELD = 4;

    private final List<MemoryPort> ports = new ArrayList<>();
    private LanFaults faults;
    private SplittableRandom random;
    private FrameHandler tap = (buffer, offset, lengthBytes) -> {};

    /** A good network. */
    public MemoryLan() {
        this(LanFaults.NONE);
    }

    public MemoryLan(LanFaults faults) {
        changeFaults(faults);
    }

    /** From now on; the seed starts anew. */
    public synchronized void changeFaults(LanFaults faults) {
        this.faults = faults;
        random = new SplittableRandom(faults.seed());
    }

    /** Opens a port. The interface's name is not used: the lan is the one there is. */
    public synchronized MemoryPort connect(
            PortOptions options, long mac, int mtuBytes, Counters counters) {
        MemoryPort port = new MemoryPort(this, options, mac, mtuBytes, counters);
        ports.add(port);
        return port;
    }

    /** Shows every frame to the handler as it is sent, before anything happens to it. */
    public synchronized void watch(FrameHandler tap) {
        this.tap = tap;
    }

    synchronized void disconnect(MemoryPort port) {
        ports.remove(port);
    }

    synchronized void transmit(long sender, ByteBuffer buffer, int offset, int lengthBytes) {
        tap.onFrame(buffer, offset, lengthBytes);
        long destination = Mac.get(buffer, offset);
        boolean group = isGroup(destination);
        for (int i = 0; i < ports.size(); i++) {
            MemoryPort port = ports.get(i);
            if (port.mac() != sender && (group || port.hears(destination))) {
                deliver(port.inbox(), buffer, offset, lengthBytes);
            }
        }
    }

    private void deliver(Inbox inbox, ByteBuffer buffer, int offset, int lengthBytes) {
        if (happens(faults.lossRate())) {
            return;
        }
        int flipBit = happens(faults.corruptRate()) ? random.nextInt(lengthBytes * 8) : -1;
        if (happens(faults.duplicateRate())) {
            inbox.offer(buffer, offset, lengthBytes, flipBit);
        }
        boolean held =
                happens(faults.reorderRate())
                        && inbox.hold(buffer, offset, lengthBytes, 1 + random.nextInt(MAX_HELD));
        if (!held) {
            inbox.offer(buffer, offset, lengthBytes, flipBit);
        }
    }

    private boolean happens(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    /** A group address other than broadcast: an interface takes it, a port does not lend it. */
    static boolean isMulticast(ByteBuffer buffer, int offset) {
        long destination = Mac.get(buffer, offset);
        return isGroup(destination) && destination != Mac.BROADCAST;
    }

    private static boolean isGroup(long mac) {
        return (mac >>> 40 & 1) != 0;
    }
}
