// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SignalsTest {
    /** WINCH, because the JVM that runs the tests has no use for it. */
    @Test
    void theActionRunsEachTimeTheSignalArrives() throws Exception {
        CountDownLatch twice = new CountDownLatch(2);
        Signals.handle("WINCH", twice::countDown);

        for (int i = 0; i < 2; i++) {
            long before = twice.getCount();
            send("WINCH");
            while (twice.getCount() == before) {
                assertTrue(ProcessHandle.current().isAlive());
                Thread.onSpinWait();
            }
        }

        assertTrue(twice.await(10, TimeUnit.SECONDS));
    }

    private static void send(String signal) throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-" + signal, self).start().waitFor();
    }
}
