// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.Mac;

/** Many targets of one process on one interface. */
@Tag("live")
@Timeout(120)
@ExtendWith(PrivateNetworkExtension.class)
class SteeringLiveTest {
    private static final long TARGET_MAC = 0x02_00_00_00_00_14L;
    private static final long INITIATOR_MAC = 0x02_00_00_00_00_0aL;
    private static final long PATIENCE_NS = 5_000_000_000L;
    private static final long ROUND_NS = 50_000_000L;
    private static final int WILD_SHELF = AoeAddress.WILDCARD_SHELF;
    private static final int WILD_SLOT = AoeAddress.WILDCARD_SLOT;

    private final RingPorts ports = new RingPorts();
    private final List<Target> targets = new ArrayList<>();
    private PrivateNetwork network;
    private EthernetPort initiator;
    private int nextTag;

    /** A port, and the tags of what it was lent: of requests that only ask, and of writes. */
    private static final class Target {
        final AoeAddress address;
        final EthernetPort port;
        final Counters counters;
        final List<Integer> tags = new ArrayList<>();
        final List<Integer> writes = new ArrayList<>();

        Target(AoeAddress address, EthernetPort port, Counters counters) {
            this.address = address;
            this.port = port;
            this.counters = counters;
        }

        void take() {
            try {
                port.receive(this::onFrame, 64);
            } catch (PortException e) {
                throw new AssertionError(e);
            }
        }

        private void onFrame(ByteBuffer buffer, int at, int lengthBytes) {
            boolean write = AoeFrame.command(buffer, at) == Aoe.COMMAND_ATA;
            (write ? writes : tags).add(AoeFrame.tag(buffer, at));
        }

        boolean hasWrittenSince(int tag) {
            return writes.stream().anyMatch(heard -> heard >= tag);
        }

        long forwarded() {
            return counters.value(Counter.FORWARDED_FRAMES);
        }
    }

    @BeforeEach
    void connect(PrivateNetwork entered) throws Exception {
        network = entered;
        network.veth("target", TARGET_MAC, "initiator", INITIATOR_MAC, 1500);
        initiator = ports.open(PortOptions.forInitiator("initiator", 64, 64), new Counters());
    }

    @AfterEach
    void close() {
        targets.forEach(target -> target.port.close());
        initiator.close();
    }

    private Target open(int number) throws PortException {
        AoeAddress address = new AoeAddress(1 + number / 16, number % 16);
        Counters counters = new Counters();
        EthernetPort port = ports.open(PortOptions.forTarget("target", address, 16, 4), counters);
        Target target = new Target(address, port, counters);
        targets.add(target);
        return target;
    }

    private void open(int from, int to) throws PortException {
        for (int i = from; i < to; i++) {
            open(i);
        }
    }

    private int send(long destination, int shelf, int slot) throws PortException {
        return send(destination, shelf, slot, Aoe.COMMAND_CONFIG);
    }

    private int send(long destination, int shelf, int slot, int command) throws PortException {
        int claimed = initiator.claim();
        int at = initiator.slotOffset(claimed);
        int tag = ++nextTag;
        AoeFrame.putEthernet(initiator.slots(), at, destination, INITIATOR_MAC);
        AoeFrame.putAoe(initiator.slots(), at, 0, shelf, slot, command, tag);
        int lengthBytes = 32;
        if (command == Aoe.COMMAND_ATA) {
            AtaFrame.putRequest(
                    initiator.slots(), at, AtaFrame.FLAG_WRITE, AtaFrame.WRITE_EXT, 1, 0);
            lengthBytes = AtaFrame.DATA_OFFSET + 512;
        }
        initiator.commit(claimed, AoeFrame.pad(initiator.slots(), at, lengthBytes));
        initiator.flush();
        return tag;
    }

    /** One request to each; each is lent its own and no other. */
    private void eachHearsItsOwn() throws PortException {
        List<Integer> tags = new ArrayList<>();
        for (Target target : targets) {
            tags.add(send(TARGET_MAC, target.address.shelf(), target.address.slot()));
        }
        awaitFrames(1);
        for (int i = 0; i < tags.size(); i++) {
            assertEquals(List.of(tags.get(i)), targets.get(i).tags, "target " + i);
            targets.get(i).tags.clear();
        }
    }

    private void awaitFrames(int each) {
        long start = System.nanoTime();
        boolean all = false;
        while (!all && System.nanoTime() - start < PATIENCE_NS) {
            targets.forEach(Target::take);
            all = targets.stream().allMatch(target -> target.tags.size() >= each);
        }
        targets.forEach(Target::take);
    }

    private long forwarded() {
        return targets.stream().mapToLong(Target::forwarded).sum();
    }

    /** Frames reach their socket without help, at the latest after the group has learned. */
    private void awaitSteered() throws PortException {
        long start = System.nanoTime();
        long before;
        do {
            before = forwarded();
            eachHearsItsOwn();
        } while (forwarded() > before && System.nanoTime() - start < PATIENCE_NS);
        assertEquals(before, forwarded(), "still by way of others");
    }

    @Test
    void aSingleTargetHearsWildcardsItself() throws Exception {
        open(0, 1);
        eachHearsItsOwn();
        int tag = send(Mac.BROADCAST, WILD_SHELF, WILD_SLOT);
        awaitFrames(1);
        assertEquals(List.of(tag), targets.get(0).tags);
        assertEquals(0, forwarded());
    }

    @Test
    void framesReachTheirTargetsAndWildcardsReachAllOnce() throws Exception {
        open(0, 40);
        eachHearsItsOwn();
        assertEquals(0, forwarded(), "the kernel knows them all");
        int all = send(Mac.BROADCAST, WILD_SHELF, WILD_SLOT);
        awaitFrames(1);
        for (Target target : targets) {
            assertEquals(List.of(all), target.tags);
            target.tags.clear();
        }
        int shelf = send(Mac.BROADCAST, 2, WILD_SLOT);
        awaitShelf(2);
        for (Target target : targets) {
            assertEquals(target.address.shelf() == 2 ? List.of(shelf) : List.of(), target.tags);
            target.tags.clear();
        }
    }

    private void awaitShelf(int shelf) {
        long start = System.nanoTime();
        while (targets.stream().anyMatch(t -> t.address.shelf() == shelf && t.tags.isEmpty())
                && System.nanoTime() - start < PATIENCE_NS) {
            targets.forEach(Target::take);
        }
        targets.forEach(Target::take);
    }

    @Test
    void framesForNobodyAreDropped() throws Exception {
        open(0, 3);
        send(TARGET_MAC, 9, 9);
        send(Mac.BROADCAST, 1, 200);
        eachHearsItsOwn();
        assertEquals(0, targets.stream().mapToLong(t -> t.tags.size()).sum());
    }

    @Test
    void thoseThatLeaveMoveOthersWhichStayReachable() throws Exception {
        open(0, 12);
        for (int victim : new int[] {3, 0, 9, 5}) {
            targets.remove(victim % targets.size()).port.close();
            eachHearsItsOwn();
        }
        awaitSteered();
        open(20, 24);
        awaitSteered();
        while (targets.size() > 1) {
            targets.remove(0).port.close();
            eachHearsItsOwn();
        }
        targets.remove(0).port.close();
        open(30, 33); // a group anew
        awaitSteered();
    }

    @Test
    void aLinkThatWasDownChangesTheOrder() throws Exception {
        open(0, 8);
        targets.remove(1).port.close();
        targets.remove(3).port.close();
        open(8, 10);
        eachHearsItsOwn();
        network.down("target");
        network.up("target");
        network.awaitUp("target");
        targets.forEach(SteeringLiveTest::notice);
        awaitSteered();
    }

    private static void notice(Target target) {
        try {
            target.port.await(0);
        } catch (PortException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whereTheListIsWrongTheGroupLearns() throws Exception {
        open(0, 8);
        targets.remove(1).port.close();
        network.down("target");
        network.up("target"); // nobody has looked: the list still has the old order
        network.awaitUp("target");
        awaitSteered();
    }

    /** An old write that lies in another's socket would undo a newer one. */
    @Test
    void writesThatWentAstrayAreNotCarriedOutBehindNewerOnes() throws Exception {
        open(0, 8);
        targets.remove(1).port.close();
        network.down("target");
        network.up("target");
        network.awaitUp("target");
        network.awaitUp("initiator");
        sendWrites(); // some to the wrong sockets, where they lie for now
        targets.forEach(SteeringLiveTest::notice);
        awaitSteered(targets.get(targets.size() - 1));
        long start = System.nanoTime();
        int firstNewer = nextTag + 1;
        do {
            sendWrites();
            takeUntil(targets, () -> allHaveWrittenSince(firstNewer));
        } while (!allHaveWrittenSince(firstNewer) && System.nanoTime() - start < PATIENCE_NS);
        for (Target target : targets) {
            assertTrue(target.hasWrittenSince(firstNewer));
            List<Integer> sorted = target.writes.stream().sorted().toList();
            assertEquals(sorted, target.writes, "as they were sent, to " + target.address);
        }
        long lateDrops =
                targets.stream().mapToLong(t -> t.counters.value(Counter.LATE_DROPS)).sum();
        assertTrue(lateDrops > 0, "none went astray");
    }

    private boolean allHaveWrittenSince(int tag) {
        return targets.stream().allMatch(target -> target.hasWrittenSince(tag));
    }

    private static void takeUntil(List<Target> takers, BooleanSupplier enough) {
        long start = System.nanoTime();
        do {
            takers.forEach(Target::take);
        } while (!enough.getAsBoolean() && System.nanoTime() - start < ROUND_NS);
    }

    /** Until the kernel knows where all are: one program says it. Nobody else takes anything. */
    private void awaitSteered(Target one) throws PortException {
        long start = System.nanoTime();
        long before;
        int tag;
        do {
            before = one.forwarded();
            tag = send(TARGET_MAC, one.address.shelf(), one.address.slot());
            takeUntil(List.of(one), () -> !one.tags.isEmpty());
        } while (!one.tags.contains(tag) && System.nanoTime() - start < PATIENCE_NS);
        assertTrue(one.tags.contains(tag), "the kernel was not told");
        assertEquals(before, one.forwarded());
    }

    private void sendWrites() throws PortException {
        for (Target target : targets) {
            AoeAddress address = target.address;
            send(TARGET_MAC, address.shelf(), address.slot(), Aoe.COMMAND_ATA);
        }
    }

    @Test
    void manyComeAndGoTogether() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Future<Target>> opening =
                    IntStream.range(0, 48).mapToObj(i -> threads.submit(() -> quietly(i))).toList();
            for (Future<Target> one : opening) {
                targets.add(one.get());
            }
            eachHearsItsOwn();
            List<Future<?>> closing = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                Target leaver = targets.remove(i);
                closing.add(threads.submit(leaver.port::close));
            }
            for (Future<?> one : closing) {
                one.get();
            }
            eachHearsItsOwn();
            awaitSteered();
        } finally {
            threads.shutdown();
        }
    }

    private Target quietly(int number) throws PortException {
        AoeAddress address = new AoeAddress(1 + number / 16, number % 16);
        Counters counters = new Counters();
        return new Target(
                address,
                ports.open(PortOptions.forTarget("target", address, 16, 4), counters),
                counters);
    }

    @Test
    void twoTargetsOfOneAddressBothStayReachable() throws Exception {
        open(0, 2);
        open(0);
        int tag = send(TARGET_MAC, 1, 0);
        awaitFramesOf(targets.get(0), targets.get(2));
        assertEquals(List.of(tag), targets.get(0).tags);
        assertEquals(List.of(tag), targets.get(2).tags);
    }

    private static void awaitFramesOf(Target... some) {
        long start = System.nanoTime();
        for (Target target : some) {
            while (target.tags.isEmpty() && System.nanoTime() - start < PATIENCE_NS) {
                target.take();
            }
        }
    }
}
