// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vblade4j.metrics.Counter;

@Timeout(60)
class WarmUpTest {
    @Test
    void itReadsAndWritesThroughTheRealClasses() {
        WarmUp warmUp = new WarmUp();
        warmUp.begin();
        warmUp.begin(); // as every export does
        warmUp.await();
        assertTrue(warmUp.counters().value(Counter.WRITES) > 0);
        assertTrue(warmUp.counters().value(Counter.READS) > 0);
        assertEquals(0, warmUp.counters().value(Counter.ATA_ERRORS));
        assertEquals(0, warmUp.counters().value(Counter.FOREIGN_DROPS));
    }

    @Test
    void onceOverItDoesNotBeginAgain() {
        WarmUp warmUp = new WarmUp();
        warmUp.begin();
        warmUp.await();
        while (threads() > 0) {
            Thread.onSpinWait();
        }
        warmUp.begin();
        assertEquals(0, threads());
    }

    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("warm-up"))
                .count();
    }

    @Test
    void leftOutNobodyWaitsForIt() {
        WarmUp warmUp = new WarmUp();
        warmUp.leaveOut();
        warmUp.begin();
        warmUp.await();

        assertEquals(0, warmUp.counters().value(Counter.READS));
    }
}
