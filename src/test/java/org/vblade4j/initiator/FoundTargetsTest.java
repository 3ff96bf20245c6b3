// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.wire.AoeAddress;

/** What any station can send is kept up to a limit, and counted beyond. */
@Timeout(60)
class FoundTargetsTest {
    private static final int ANSWERS = 400_000;

    private final FoundTargets found = new FoundTargets();

    private static FoundTarget target(int index, long mac, String string) {
        AoeAddress address = new AoeAddress(index / 255, index % 255);
        return new FoundTarget(address, mac, 16, 1, 2, string);
    }

    @Test
    void manyAddresses() {
        for (int i = 0; i < ANSWERS; i++) {
            found.add(target(i, 0x0200_0000_0000L + i, ""));
        }
        assertEquals(FoundTargets.MAX_TARGETS, found.sorted().size());
        assertEquals(ANSWERS - FoundTargets.MAX_TARGETS, found.leftOut());
    }

    @Test
    void manyStationsForOneAddressLeaveRoomForOthers() {
        for (int i = 0; i < ANSWERS; i++) {
            found.add(target(7, 0x0200_0000_0000L + i, ""));
        }
        found.add(target(8, 0x0200_0000_0000L, "other"));
        assertEquals(FoundTargets.MAX_OF_ONE_ADDRESS + 1, found.sorted().size());
        assertEquals(ANSWERS - FoundTargets.MAX_OF_ONE_ADDRESS, found.leftOut());
    }

    @Test
    void longStrings() {
        String string = "x".repeat(1024);
        for (int i = 0; i < ANSWERS; i++) {
            found.add(target(i, 1, string));
        }
        assertEquals(FoundTargets.MAX_STRING_BYTES / 1024, found.sorted().size());
        found.add(target(0, 1, ""));
        found.add(target(ANSWERS, 1, string));
        assertEquals("", found.sorted().get(0).configString());
        assertEquals(FoundTargets.MAX_STRING_BYTES / 1024 + 1, found.sorted().size());
    }

    /** One station that answers over and over is one. */
    @Test
    void repeatedAnswersTakeNoRoom() {
        for (int i = 0; i < ANSWERS; i++) {
            found.add(target(3, 1, "x".repeat(i % 1000)));
        }
        assertEquals(1, found.sorted().size());
        assertEquals(0, found.leftOut());
        assertTrue(!found.isEmpty());
    }
}
