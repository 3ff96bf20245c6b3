// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WindowTest {
    private final Window window = new Window(0);

    private int after(int answers) {
        for (int i = 0; i < answers; i++) {
            window.answered();
        }
        return window.size();
    }

    @Test
    void beginsWithHalfAndGrowsByOneAWindowUpToTheTargetsBuffers() {
        window.bound(64);
        assertEquals(32, window.size());
        assertEquals(32, after(31));
        assertEquals(33, after(1));
        assertEquals(34, after(33));
        assertEquals(64, after(100_000));
    }

    @Test
    void aLossBeginsAnewAndIsMadeUpForQuicklyToHalf() {
        window.bound(64);
        assertEquals(64, after(100_000));
        window.lost(5, 100);
        assertEquals(1, window.size());
        assertEquals(32, after(31));
        assertEquals(32, after(31));
        assertEquals(33, after(1));
    }

    @Test
    void whatWasSentBeforeTheLossWasNoticedIsTheSameLoss() {
        window.bound(64);
        window.lost(5, 100);
        assertEquals(9, after(8));
        window.lost(6, 101);
        window.lost(99, 200);
        assertEquals(9, window.size());
        window.lost(100, 201);
        assertEquals(1, window.size());
    }

    @Test
    void neverStopsAndNeverExceedsASmallerBound() {
        window.bound(1);
        assertEquals(1, window.size());
        window.bound(64);
        for (int i = 0; i < 100; i++) {
            window.lost(i, i);
            assertTrue(window.size() >= 1);
        }
        after(100_000);
        window.bound(8);
        assertEquals(8, window.size());
        assertEquals(8, after(1000));
    }
}
