// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RingLayoutTest {
    @ParameterizedTest(name = "MTU {0}, {1} frames")
    @CsvSource({
        "68, 1",
        "576, 16",
        "1500, 1",
        "1500, 128",
        "1500, 500",
        "2048, 128",
        "4117, 128",
        "4118, 128",
        "8214, 128",
        "8215, 128",
        "9000, 128",
        "9216, 512",
        "65535, 64"
    })
    void everyFrameFitsItsBlockAndItsMtu(int mtu, int frames) {
        RingLayout layout = RingLayout.of(mtu, frames);
        assertTrue(layout.capacityBytes() >= mtu + 14);
        assertTrue(layout.frames() >= frames);
        assertEquals(0, layout.frameBytes() % 16, "TPACKET_ALIGNMENT");
        assertEquals(0, layout.blockBytes() % 4096, "whole pages");
        assertEquals(layout.framesPerBlock(), layout.blockBytes() / layout.frameBytes());
        int last = layout.offset(layout.frames() - 1);
        assertTrue(last + layout.frameBytes() <= layout.ringBytes());
        for (int i = 0; i < layout.frames(); i++) {
            int inBlock = layout.offset(i) % layout.blockBytes();
            assertTrue(inBlock + layout.frameBytes() <= layout.blockBytes());
            assertEquals(0, (layout.offset(i) + 66 + layout.reserveBytes() + 36) % 512);
        }
    }

    @Test
    void memoryStaysNearWhatTheFramesNeed() {
        assertEquals(128 * 2048, RingLayout.of(1500, 128).ringBytes());
        assertEquals(128 * 16384, RingLayout.of(9000, 128).ringBytes());
    }
}
