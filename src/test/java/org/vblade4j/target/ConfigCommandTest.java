// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vblade4j.ata.LossPolicy;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.GoldenFrames;

class ConfigCommandTest {
    private final TargetRig rig = new TargetRig();

    @ParameterizedTest
    @CsvSource({
        "TEST, '', '', true",
        "TEST, '', a, false",
        "TEST, abc, abc, true",
        "TEST, abc, ab, false",
        "TEST, abc, abcd, false",
        "TEST, abc, '', false",
        "PREFIX, '', '', true",
        "PREFIX, '', a, false",
        "PREFIX, abc, '', true",
        "PREFIX, abc, ab, true",
        "PREFIX, abc, abc, true",
        "PREFIX, abc, abcd, false",
        "PREFIX, abc, b, false"
    })
    void testAndPrefixAnswerOnlyOnAMatch(
            String name, String current, String asked, boolean answered) {
        int operation = name.equals("TEST") ? ConfigFrame.TEST : ConfigFrame.PREFIX;
        rig.ask(Request.config(ConfigFrame.SET, current));
        Request request = Request.config(operation, asked);
        if (answered) {
            ByteBuffer answer = rig.ask(request);
            assertEquals(operation, ConfigFrame.operation(answer, 0));
            assertEquals(current.length(), ConfigFrame.stringBytes(answer, 0));
        } else {
            rig.expectSilence(request, Counter.CONFIG_MISMATCH_DROPS);
        }
        assertEquals(current, rig.configString());
    }

    @Test
    void setStoresOnceAndThenOnlyAgreesWithTheSameString() {
        rig.ask(Request.config(ConfigFrame.SET, "abc"));
        rig.ask(Request.config(ConfigFrame.SET, "abc"));
        ByteBuffer conflict =
                rig.expectError(
                        Request.config(ConfigFrame.SET, "xy"), AoeError.CONFIG_STRING_PRESENT);
        assertEquals(3, ConfigFrame.stringBytes(conflict, 0));
        assertEquals('a', conflict.get(ConfigFrame.STRING_OFFSET));
        rig.expectError(Request.config(ConfigFrame.SET, ""), AoeError.CONFIG_STRING_PRESENT);
        assertEquals("abc", rig.configString());
    }

    @Test
    void forceSetReplacesAndClears() {
        rig.ask(Request.config(ConfigFrame.SET, "abc"));
        rig.ask(Request.config(ConfigFrame.FORCE_SET, "a longer one"));
        assertEquals("a longer one", rig.configString());
        rig.ask(Request.config(ConfigFrame.FORCE_SET, ""));
        assertEquals("", rig.configString());
        rig.ask(Request.config(ConfigFrame.SET, "new"));
        assertEquals("new", rig.configString());
    }

    @ParameterizedTest
    @CsvSource({"1500, 2", "4132, 8", "9000, 17", "9252, 18", "548, 1", "100, 1"})
    void theSectorCountFollowsTheMtu(int mtuBytes, int sectors) {
        TargetRig other = TargetRig.withMtu(9252);
        other.port.mtuBytes = mtuBytes;
        ByteBuffer answer = other.ask(Request.config(ConfigFrame.READ, ""));
        assertEquals(sectors, ConfigFrame.sectorCount(answer, 0));
        assertEquals(16, ConfigFrame.bufferCount(answer, 0));
    }

    @ParameterizedTest
    @CsvSource({"1500, 2", "4132, 8", "9000, 16", "9252, 16", "5500, 8", "100, 1"})
    void onRequestItIsAMultipleOfEightWhereEightFit(int mtuBytes, int sectors) {
        FakePort port = new FakePort(GoldenFrames.TARGET, 9252, 32);
        TargetSettings settings =
                new TargetSettings(
                        new AoeAddress(1, 1),
                        16,
                        List.of(),
                        TargetRig.IDENTITY,
                        true,
                        AccessList.OPEN,
                        StationLimits.NONE,
                        LossPolicy.DEFAULT);
        AoeTarget target = new AoeTarget(settings, port, MemoryStore.heap(8), new Counters());
        port.mtuBytes = mtuBytes;
        byte[] query = Request.config(ConfigFrame.READ, "").bytes();
        target.onFrame(ByteBuffer.wrap(query), 0, query.length);
        assertEquals(0, target.poll());
        port.flush();
        assertEquals(sectors, ConfigFrame.sectorCount(ByteBuffer.wrap(port.sent.get(0)), 0));
    }

    @Test
    void aStringThatNoAnswerCouldCarryIsRefusedOrNotShown() {
        rig.port.mtuBytes = 600;
        rig.expectError(Request.config(ConfigFrame.SET, new byte[583]), AoeError.BAD_ARGUMENT);
        assertEquals("", rig.configString());
        rig.ask(Request.config(ConfigFrame.SET, new byte[582]));
        rig.port.mtuBytes = 599;
        rig.expectError(Request.config(ConfigFrame.READ, ""), AoeError.DEVICE_UNAVAILABLE);
    }
}
