// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.net.memory.MemoryPort;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

/**
 * A network on a virtual clock: each station sits on a segment of its own, and what it sends
 * reaches the others after a while, twice, late or never. A frame that a real network would corrupt
 * is one that its checksum drops: lost.
 */
final class SimNetwork {
    /** How bad it is; times in nanoseconds. */
    record Faults(double loss, double duplicates, double stragglers, long jitterNs, long lateNs) {
        static final Faults NONE = new Faults(0, 0, 0, 0, 0);

        static Faults random(SplittableRandom random) {
            return new Faults(
                    random.nextDouble(0.2),
                    random.nextDouble(0.2),
                    random.nextDouble(0.05),
                    1 + random.nextLong(3_000_000),
                    1 + random.nextLong(400_000_000));
        }
    }

    private static final long TRANSIT_NS = 20_000;
    private static final long CABLE_MAC = 0x02ff_0000_0001L;

    /** Where the frames for one station end. */
    interface Receiver {
        void deliver(byte[] frame) throws PortException;
    }

    private static final class Delivery implements Comparable<Delivery> {
        final long atNs;
        final long number;
        final Receiver to;
        final byte[] frame;

        Delivery(long atNs, long number, Receiver to, byte[] frame) {
            this.atNs = atNs;
            this.number = number;
            this.to = to;
            this.frame = frame;
        }

        @Override
        public int compareTo(Delivery other) {
            int byTime = Long.compare(atNs, other.atNs);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    /** One station's place in the network, for ports of a {@link MemoryLan}. */
    final class Segment implements Receiver {
        private final MemoryLan lan = new MemoryLan();
        private final long mac;
        private MemoryPort cable;
        private boolean delivering;

        Segment(long mac) {
            this.mac = mac;
            lan.watch(this::onSent);
        }

        MemoryPort connect(PortOptions options, int mtuBytes) {
            if (cable == null) {
                PortOptions own = PortOptions.forInitiator("cable", 1, 4);
                cable = lan.connect(own, CABLE_MAC, 9000, new Counters());
            }
            return lan.connect(options, mac, mtuBytes, new Counters());
        }

        private void onSent(ByteBuffer buffer, int offset, int lengthBytes) {
            if (!delivering) {
                byte[] frame = new byte[lengthBytes];
                buffer.get(offset, frame);
                SimNetwork.this.send(mac, frame);
            }
        }

        @Override
        public void deliver(byte[] frame) throws PortException {
            delivering = true;
            int slot = cable.claim();
            cable.slots().put(cable.slotOffset(slot), frame);
            cable.commit(slot, frame.length);
            cable.flush();
            delivering = false;
        }
    }

    private final Map<Long, Receiver> stations = new TreeMap<>();
    private final PriorityQueue<Delivery> underWay = new PriorityQueue<>();
    private final SplittableRandom random;
    private Faults faults = Faults.NONE;
    private boolean parted;
    private long number;
    long nowNs = 1L << 50;

    SimNetwork(SplittableRandom random) {
        this.random = random;
    }

    /** Adds a station, or puts another in its place. */
    void attach(long mac, Receiver receiver) {
        stations.put(mac, receiver);
    }

    /** Adds a station with ports of the product's. */
    Segment segment(long mac) {
        Segment segment = new Segment(mac);
        attach(mac, segment);
        return segment;
    }

    void changeFaults(Faults faults) {
        this.faults = faults;
    }

    /** A switch without power: nothing gets through until it is back. */
    void part(boolean parted) {
        this.parted = parted;
    }

    /** From one station to whom it is for. */
    void send(long from, byte[] frame) {
        long destination = AoeFrame.destination(ByteBuffer.wrap(frame), 0);
        stations.forEach(
                (mac, to) -> {
                    if (mac != from && (mac == destination || destination == Mac.BROADCAST)) {
                        transit(to, frame);
                        if (happens(faults.duplicates)) {
                            transit(to, frame);
                        }
                    }
                });
    }

    private void transit(Receiver to, byte[] frame) {
        if (parted || happens(faults.loss)) {
            return;
        }
        long delayNs = TRANSIT_NS;
        if (faults.jitterNs > 0) {
            delayNs += random.nextLong(faults.jitterNs);
        }
        if (happens(faults.stragglers)) {
            delayNs += random.nextLong(faults.lateNs);
        }
        underWay.add(new Delivery(nowNs + delayNs, number++, to, frame));
    }

    private boolean happens(double rate) {
        return rate > 0 && random.nextDouble() < rate;
    }

    /** Moves the clock on, by a step or to where the next frame arrives if that is further. */
    void pass(long stepNs, long idleNs) throws PortException {
        Delivery next = underWay.peek();
        long eventNs = next == null ? nowNs + idleNs : Math.min(next.atNs, nowNs + idleNs);
        nowNs = Math.max(nowNs + stepNs, eventNs);
        while (!underWay.isEmpty() && underWay.peek().atNs <= nowNs) {
            Delivery due = underWay.poll();
            due.to.deliver(due.frame);
        }
    }

    boolean quiet() {
        return underWay.isEmpty();
    }
}
