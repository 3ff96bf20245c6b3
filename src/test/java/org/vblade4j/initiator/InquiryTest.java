// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Aoe;

/** A single question to a single station. */
class InquiryTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private long nowNs = 1L << 50;

    /** A port at which frames come faster than they are taken, none of them an answer. */
    private EthernetPort flooded() {
        long startNs = nowNs;
        return (EthernetPort)
                Proxy.newProxyInstance(
                        EthernetPort.class.getClassLoader(),
                        new Class<?>[] {EthernetPort.class},
                        (proxy, method, arguments) -> {
                            nowNs += 1000;
                            assertTrue(nowNs - startNs < 10 * SECOND_NS, "goes on and on");
                            return switch (method.getName()) {
                                case "receive" -> arguments[1];
                                case "claim" -> -1;
                                default -> null;
                            };
                        });
    }

    @Test
    void aFloodDoesNotMakeItWaitForLongerThanItsTime() throws Exception {
        DiskPath path = DiskPath.only(flooded(), ScriptedTarget.FOUND).get(0);
        Inquiry inquiry = new Inquiry(path, () -> nowNs);
        long startNs = nowNs;
        assertTrue(inquiry.ask(Aoe.COMMAND_CONFIG, (buffer, at) -> 32, SECOND_NS).isEmpty());
        long passedNs = nowNs - startNs;
        assertTrue(passedNs >= SECOND_NS && passedNs < 2 * SECOND_NS, passedNs + " ns");
    }
}
