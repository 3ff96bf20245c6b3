// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.vblade4j.metrics.Counter;

/** How every port keeps its slots, waits, follows its interface and ends. */
public abstract class PortLifeContract extends PortFixture {
    @Test
    void framesForFurtherStationsAreLentToWhoeverOpenedAPortForThem() throws Exception {
        connect(1500);
        EthernetPort target = target();
        long further = 0x0600_0000_0002L;
        PortOptions options = PortOptions.forInitiator("initiator", FRAMES, SLOTS);
        try (EthernetPort initiator =
                open(options.withStations(List.of(further)), initiatorCounters)) {
            commit(target, 0x0a00_0000_0002L, 0x18, 7, 3, 1, 60);
            commit(target, further, 0x18, 7, 3, 2, 60);
            commit(target, INITIATOR_MAC, 0x18, 7, 3, 3, 60);
            target.flush();
            assertEquals(List.of(2, 3), tags(receive(initiator, 2)));
        }
    }

    @Test
    void slotsAreDistinctAndAlignedAndEndAtTheirNumber() throws Exception {
        connect(1500);
        EthernetPort target = target();
        Set<Integer> offsets = new HashSet<>();
        assertEquals(ByteOrder.BIG_ENDIAN, target.slots().order());
        for (int i = 0; i < SLOTS; i++) {
            int slot = target.claim();
            int offset = target.slotOffset(slot);
            assertTrue(offsets.add(offset));
            assertEquals(0, target.slots().alignmentOffset(offset + 36, 4096));
            assertTrue(offset >= 0 && offset + target.slotBytes() <= target.slots().capacity());
            target.slots().put(offset, (byte) slot);
        }
        assertTrue(target.slotBytes() >= 1514);
        assertEquals(-1, target.claim());
        assertEquals(-1, target.claim());
    }

    @Test
    void releasedAndFlushedSlotsAreFreeAgain() throws Exception {
        connect(1500);
        EthernetPort initiator = initiator();
        for (int round = 0; round < 3; round++) {
            int[] slots = new int[SLOTS];
            for (int i = 0; i < SLOTS; i++) {
                slots[i] = initiator.claim();
            }
            assertEquals(-1, initiator.claim());
            initiator.release(slots[5]);
            assertEquals(slots[5], initiator.claim());
            for (int i = 0; i < SLOTS; i++) {
                if (i % 2 == 0) {
                    initiator.release(slots[i]);
                } else {
                    initiator.commit(slots[i], 60);
                }
            }
            initiator.flush();
        }
    }

    @Test
    void heldSlotStaysWhileOthersAreSent() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        int held = initiator.claim();
        initiator.slots().put(initiator.slotOffset(held) + 100, (byte) 99);
        for (int round = 0; round < 3; round++) {
            for (int i = 1; i < SLOTS; i++) {
                request(initiator, i, 1500);
            }
            assertEquals(-1, initiator.claim());
            initiator.flush();
            receive(target, SLOTS - 1);
        }
        assertEquals(99, initiator.slots().get(initiator.slotOffset(held) + 100));
        initiator.release(held);
        assertEquals(held, initiator.claim());
    }

    @Test
    void slotsThatAreNotClaimedAreRefused() throws Exception {
        connect(1500);
        EthernetPort target = target();
        int slot = target.claim();
        target.release(slot);
        assertThrows(IllegalStateException.class, () -> target.release(slot));
        assertThrows(IllegalStateException.class, () -> target.commit(slot, 60));
        int again = target.claim();
        int tooLong = target.slotBytes() + 1;
        assertThrows(IllegalArgumentException.class, () -> target.commit(again, tooLong));
        assertThrows(IllegalArgumentException.class, () -> target.commit(again, 0));
        target.commit(again, 60);
        assertThrows(IllegalStateException.class, () -> target.release(again));
    }

    @Test
    void awaitEndsAtItsTimeout() throws Exception {
        connect(1500);
        EthernetPort target = target();
        long start = System.nanoTime();
        target.await(20_000_000);
        long took = System.nanoTime() - start;
        assertTrue(took >= 20_000_000 && took < PATIENCE_NS, "took " + took);
        target.await(0);
        assertEquals(0, target.receive((b, at, n) -> {}, 10));
    }

    @Test
    void wakeUpBeforeAwaitIsRememberedOnce() throws Exception {
        connect(1500);
        EthernetPort target = target();
        target.wakeUp();
        target.wakeUp();
        long start = System.nanoTime();
        target.await(PATIENCE_NS);
        assertTrue(System.nanoTime() - start < PATIENCE_NS / 2);
        start = System.nanoTime();
        target.await(20_000_000);
        assertTrue(System.nanoTime() - start >= 20_000_000);
    }

    @Test
    void wakeUpEndsAnAwaitWithoutLimit() throws Exception {
        connect(1500);
        EthernetPort target = target();
        FutureTask<Void> waking = started(target::wakeUp);
        target.await(-1);
        waking.get();
    }

    @Test
    void frameEndsAnAwaitWithoutLimit() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        FutureTask<Void> sending =
                started(
                        () -> {
                            request(initiator, 5, 60);
                            initiator.flush();
                        });
        target.await(-1);
        sending.get();
        assertEquals(List.of(5), tags(receive(target, 1)));
    }

    @Test
    void loweredMtuIsSeenAndTooLongFramesAreDroppedAndCounted() throws Exception {
        connect(9000);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        changeMtu(target, 1500);
        awaitMtu(target, 1500);
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 1, 60);
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 2, 9014);
        commit(target, INITIATOR_MAC, 0x18, 7, 3, 3, 1514);
        target.flush();
        assertEquals(List.of(1, 3), tags(receive(initiator, 2)));
        assertEquals(1, targetCounters.value(Counter.SEND_DROPS));
        assertEquals(2, targetCounters.value(Counter.FRAMES_SENT));
        changeMtu(target, 9000);
        awaitMtu(target, 9000);
    }

    @Test
    void macIsTheInterfaces() throws Exception {
        connect(1500);
        assertEquals(TARGET_MAC, target().mac());
        assertEquals(INITIATOR_MAC, initiator().mac());
    }

    @Test
    void closedPortRefusesWorkWithoutHarm() throws Exception {
        connect(1500);
        EthernetPort target = target();
        EthernetPort initiator = initiator();
        request(initiator, 1, 60);
        initiator.flush();
        receive(target, 1);
        ByteBuffer slots = target.slots();
        target.close();
        target.close();
        target.wakeUp();
        assertThrows(IllegalStateException.class, () -> target.receive((b, at, n) -> {}, 1));
        assertThrows(IllegalStateException.class, target::flush);
        assertThrows(IllegalStateException.class, target::claim);
        assertThrows(IllegalStateException.class, () -> target.await(0));
        slots.put(0, (byte) 1);
        request(initiator, 2, 60);
        initiator.flush();
        assertFalse(initiatorCounters.value(Counter.FRAMES_SENT) < 2);
    }
}
