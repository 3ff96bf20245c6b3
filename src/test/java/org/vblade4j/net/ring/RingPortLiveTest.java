// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.EthernetPortContract;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.sys.Libc;
import org.vblade4j.sys.Linux;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.testing.PrivateNetworkExtension;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

@Tag("live")
@ExtendWith(PrivateNetworkExtension.class)
final class RingPortLiveTest extends EthernetPortContract {
    private static final int VLAN_ETHERTYPE = 0x8100;

    private PrivateNetwork network;

    @BeforeEach
    void enter(PrivateNetwork network) {
        this.network = network;
    }

    @Override
    protected void connect(int mtuBytes) {
        network.veth("target", TARGET_MAC, "initiator", INITIATOR_MAC, mtuBytes);
    }

    @Override
    protected EthernetPort open(PortOptions options, Counters counters) throws PortException {
        return new RingPorts().open(options, counters);
    }

    @Override
    protected void changeMtu(EthernetPort target, int mtuBytes) {
        network.changeMtu("target", mtuBytes);
    }

    /** Puts a tag into a frame: the peer's kernel takes it out again and remembers it. */
    private static void requestWithVlan(EthernetPort port, int vlan, int tag) {
        int slot = port.claim();
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        Mac.put(buffer, at, TARGET_MAC);
        Mac.put(buffer, at + 6, port.mac());
        buffer.putShort(at + 12, (short) VLAN_ETHERTYPE);
        buffer.putShort(at + 14, (short) vlan);
        buffer.putShort(at + 16, (short) 0x88a2);
        buffer.putShort(at + 18, (short) 0x1000);
        buffer.putShort(at + 20, (short) ADDRESS.shelf());
        buffer.put(at + 22, (byte) ADDRESS.slot());
        buffer.put(at + 23, (byte) 0);
        buffer.putInt(at + 24, tag);
        port.commit(slot, 64);
    }

    @Test
    void aWatchedDescriptorEndsAnAwait() throws Exception {
        connect(1500);
        EthernetPort target = target();
        int event = Libc.eventfd(0, Linux.EFD_CLOEXEC);
        try {
            assertTrue(target.watch(event));
            long start = System.nanoTime();
            target.await(20_000_000);
            assertTrue(System.nanoTime() - start >= 20_000_000, "nothing to see yet");
            ByteBuffer one = ByteBuffer.allocateDirect(8).order(ByteOrder.nativeOrder());
            Libc.write(event, Libc.address(one.putLong(0, 1)), 8);
            target.await(-1);
            target.await(-1); // until it is read
            assertTrue(target.watch(-1));
            start = System.nanoTime();
            target.await(20_000_000);
            assertTrue(System.nanoTime() - start >= 20_000_000, "not watched any more");
        } finally {
            Libc.close(event);
        }
    }

    @Test
    void gatheredDataIsSentFromWhereItLies() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        try (NativeMemory data = NativeMemory.allocate(4096)) {
            for (int i = 0; i < 1024; i++) {
                data.buffer().put(512 + i, (byte) (i * 3));
            }
            gather(target, 1, data.address() + 512, 1024);
            commit(target, INITIATOR_MAC, 0x18, 7, 3, 2, 100);
            gather(target, 3, data.address() + 1024, 512);
            target.flush();
            List<byte[]> frames = receive(initiator, 3);
            assertEquals(List.of(1, 2, 3), tags(frames));
            assertEquals(36 + 1024, frames.get(0).length);
            assertEquals(100, frames.get(1).length);
            assertEquals((byte) (1023 * 3), frames.get(0)[36 + 1023]);
            assertEquals((byte) (512 * 3), frames.get(2)[36]);
            assertEquals(-1, target.takeUnreadable());
        }
    }

    @Test
    void dataThatCannotBeReadKeepsItsSlotAndStopsNobody() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 1, 60);
        int slot = gather(target, 2, 4096, 1024); // never mapped
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 3, 60);
        target.flush();
        assertEquals(List.of(1, 3), tags(receive(initiator, 2)));
        assertEquals(slot, target.takeUnreadable());
        assertEquals(-1, target.takeUnreadable());
        assertEquals(2, targetCounters.value(Counter.FRAMES_SENT));
        assertEquals(0, targetCounters.value(Counter.SEND_DROPS));
        target.commit(slot, 60);
        target.flush();
        assertEquals(List.of(2), tags(receive(initiator, 1)));
    }

    private static int gather(EthernetPort port, int tag, long address, int bytes) {
        int slot = port.claim();
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(port.slots(), at, INITIATOR_MAC, port.mac());
        AoeFrame.putAoe(port.slots(), at, 8, ADDRESS.shelf(), ADDRESS.slot(), 0, tag);
        port.commitGathered(slot, 36, address, bytes);
        return slot;
    }

    @Test
    void foreignStationsAndGroupsAreCounted() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        commit(initiator, 0x0200_0000_0099L, 0x10, 7, 3, 1, 60);
        commit(initiator, 0x0100_5e00_0001L, 0x10, 7, 3, 2, 60);
        request(initiator, 3, 60);
        initiator.flush();
        assertEquals(List.of(3), tags(receive(target, 1)));
        assertEquals(2, targetCounters.value(Counter.OTHER_HOST_DROPS));
    }

    @Test
    void vlanTaggedFrameIsDroppedAndCountedAndPriorityTaggedOneIsNot() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        requestWithVlan(initiator, 100, 1);
        requestWithVlan(initiator, 0xe000, 2);
        request(initiator, 3, 60);
        initiator.flush();
        assertEquals(List.of(2, 3), tags(receive(target, 2)));
        assertEquals(1, targetCounters.value(Counter.VLAN_DROPS));
        assertEquals(0, targetCounters.value(Counter.OTHER_HOST_DROPS));
    }

    @Test
    void linkThatWentDownAndUpCarriesFramesAgain() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        network.down("target");
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 1, 60);
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 2, 60);
        target.flush();
        assertEquals(2, targetCounters.value(Counter.SEND_DROPS));
        target.await(1_000_000);
        assertEquals(0, target.receive((b, at, n) -> {}, 1));
        network.up("target");
        network.awaitUp("initiator");
        network.awaitUp("target");
        request(initiator, 3, 60);
        initiator.flush();
        assertEquals(List.of(3), tags(receive(target, 1)));
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 4, 60);
        target.flush();
        assertEquals(List.of(4), tags(receive(initiator, 1)));
        assertEquals(2, targetCounters.value(Counter.SEND_DROPS));
    }

    @Test
    void portOpensWhileTheLinkIsDown() throws Exception {
        connect(1500);
        network.down("target");
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        target.await(1_000_000);
        network.up("target");
        network.awaitUp("target");
        network.awaitUp("initiator");
        request(initiator, 1, 60);
        initiator.flush();
        assertEquals(List.of(1), tags(receive(target, 1)));
    }

    @Test
    void changedAddressIsSeen() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.ip("link", "set", "target", "address", "02:00:00:00:00:77");
        target.await(5_000_000_000L);
        assertEquals(0x0200_0000_0077L, target.mac());
    }

    @Test
    void renamedInterfaceKeepsItsPort() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        network.ip("link", "set", "target", "name", "renamed");
        network.changeMtu("renamed", 1400);
        awaitMtu(target, 1400);
        request(initiator, 1, 60);
        initiator.flush();
        assertEquals(List.of(1), tags(receive(target, 1)));
        network.ip("link", "set", "renamed", "name", "target");
    }

    @Test
    void deletedInterfaceEndsAnAwait() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.delete("target");
        PortException failure = assertThrows(PortException.class, () -> target.await(-1));
        assertEquals("target: the network interface is gone", failure.getMessage());
    }

    @Test
    void deletedInterfaceEndsASend() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.delete("target");
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 1, 60);
        assertThrows(PortException.class, target::flush);
        assertEquals(1, targetCounters.value(Counter.SEND_DROPS));
    }

    @Test
    void deletedInterfaceEndsABusyPort() throws Exception {
        connect(1500);
        EthernetPort target = target();
        network.delete("target");
        assertThrows(
                PortException.class,
                () -> {
                    long start = System.nanoTime();
                    while (System.nanoTime() - start < PATIENCE_NS) {
                        target.receive((b, at, n) -> {}, 64);
                        Thread.onSpinWait();
                    }
                });
    }

    @Test
    void mtuBeyondTheRingIsNotPromised() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        assertFalse(target.outgrown());
        network.changeMtu("initiator", 9000);
        network.changeMtu("target", 9000);
        target.await(5_000_000_000L);
        int mtu = target.mtuBytes();
        assertTrue(mtu >= 1500 && mtu < 9000, "mtu " + mtu);
        assertTrue(target.outgrown());
        request(initiator, 1, 3000);
        request(initiator, 2, 14 + mtu);
        initiator.flush();
        assertEquals(List.of(2), tags(receive(target, 1)));
        assertEquals(1, targetCounters.value(Counter.TRUNCATED_DROPS));
    }

    @Test
    void payloadLiesAlignedInTheRing() throws Exception {
        connect(9000);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        for (int tag = 0; tag < 20; tag++) {
            request(initiator, tag, 60);
        }
        initiator.flush();
        target.await(PATIENCE_NS);
        int lent =
                target.receive((b, at, n) -> assertEquals(0, b.alignmentOffset(at + 36, 4096)), 20);
        assertEquals(20, lent);
    }

    @Test
    void interfaceWithoutRoomDropsAndCountsInBoundedTime() throws Exception {
        connect(1500);
        EthernetPort target = target();
        String shape = "tc qdisc add dev target root tbf rate 8kbit burst 2000 limit 2000";
        network.run(List.of(shape.split(" ")));
        long start = System.nanoTime();
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < SLOTS; i++) {
                commit(target, INITIATOR_MAC, 0x18, 7, 3, i, 1000);
            }
            target.flush();
        }
        long tookMs = (System.nanoTime() - start) / 1_000_000;
        long sent = targetCounters.value(Counter.FRAMES_SENT);
        assertTrue(sent > 0 && sent < 20, "sent " + sent);
        assertEquals(10 * SLOTS - sent, targetCounters.value(Counter.SEND_DROPS));
        assertTrue(tookMs < 2000, "took " + tookMs + " ms");
        assertTrue(target.claim() >= 0);
    }
}
