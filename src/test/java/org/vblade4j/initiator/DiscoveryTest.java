// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;

class DiscoveryTest {
    private final ScriptedTarget target = new ScriptedTarget();
    private long nowNs = 123_456_789_000L;
    private final Discovery discovery = new Discovery(target.clientPort, () -> nowNs += 1_000_000);

    private static ByteBuffer answer(ByteBuffer query, int sectors, String string) {
        ByteBuffer answer = ScriptedTarget.answer(query);
        byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
        ConfigFrame.putResponse(answer, 0, 16, 0x4019, sectors, ConfigFrame.READ);
        ConfigFrame.putStringBytes(answer, 0, bytes.length);
        answer.put(ConfigFrame.STRING_OFFSET, bytes);
        return answer;
    }

    @Test
    void asksEverybodyAsLinuxDoesButWithATagOfUserSpace() throws Exception {
        discovery.query(AoeAddress.WILDCARD_SHELF, AoeAddress.WILDCARD_SLOT);
        ByteBuffer query = target.next();
        assertEquals(60, query.capacity());
        assertEquals(Mac.BROADCAST, AoeFrame.destination(query, 0));
        assertTrue(AoeFrame.tag(query, 0) < 0, "bit 31");
        query.putInt(AoeFrame.TAG_OFFSET, 0);
        byte[] expected = new byte[60];
        ByteBuffer.wrap(expected)
                .putLong(0xffff_ffff_ffff_0200L)
                .putLong(0x0000_000a_88a2_1000L)
                .putLong(0xffff_ff01_0000_0000L)
                .putLong(0x0000_0000_0010_0000L);
        assertEquals(ByteBuffer.wrap(expected), query.rewind());
    }

    @Test
    void reportsWhatATargetSaysOfItself() throws Exception {
        discovery.query(1, 1);
        target.send(answer(target.next(), 17, "caf\u00e9\u0000"));
        discovery.poll();
        FoundTarget expected =
                new FoundTarget(
                        ScriptedTarget.ADDRESS,
                        ScriptedTarget.MAC,
                        16,
                        0x4019,
                        17,
                        "caf\u00e9\u0000");
        assertEquals(List.of(expected), discovery.found());
    }

    @Test
    void countsATargetOnceHoweverOftenItAnswersAndTakesItsLatestAnswer() throws Exception {
        discovery.query(1, 1);
        ByteBuffer query = target.next();
        target.send(answer(query, 2, "old"));
        target.send(answer(query, 0, "new"));
        discovery.poll();
        assertEquals(1, discovery.found().size());
        assertEquals("new", discovery.found().get(0).configString());
        assertEquals(2, discovery.found().get(0).maxSectors(), "0 stands for 2");
    }

    @Test
    void sortsByAddress() throws Exception {
        discovery.query(AoeAddress.WILDCARD_SHELF, AoeAddress.WILDCARD_SLOT);
        ByteBuffer query = target.next();
        for (int slot : new int[] {7, 3, 5}) {
            ByteBuffer answer = answer(query, 2, "");
            answer.put(AoeFrame.MINOR_OFFSET, (byte) slot);
            target.send(answer);
        }
        discovery.poll();
        assertEquals(
                List.of(3, 5, 7),
                discovery.found().stream().map(found -> found.address().slot()).toList());
    }

    @Test
    void answersForAnotherAddressThanWasAskedForAreDropped() throws Exception {
        discovery.query(1, 1);
        ByteBuffer answer = answer(target.next(), 2, "");
        target.send(answer.put(AoeFrame.MINOR_OFFSET, (byte) 2));
        discovery.poll();
        assertEquals(List.of(), discovery.found());
    }

    private record Case(String desc, Consumer<ByteBuffer> change) {
        @Override
        public String toString() {
            return desc;
        }
    }

    static Stream<Case> strangers() {
        return Stream.of(
                new Case("an announcement: tag 0", a -> a.putInt(20, 0)),
                new Case("version 2", a -> a.put(14, (byte) 0x28)),
                new Case("an error", a -> a.put(14, (byte) 0x1c)),
                new Case("another command", a -> a.put(19, (byte) 0)),
                new Case("shelf of all ones", a -> a.putShort(16, (short) -1)),
                new Case("slot of all ones", a -> a.put(18, (byte) -1)),
                new Case("a string longer than the frame", a -> a.putShort(30, (short) 1030)),
                new Case("a group as the sender", a -> a.put(6, (byte) 3)));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void ignores(Case c) throws Exception {
        discovery.query(1, 1);
        ByteBuffer answer = answer(target.next(), 2, "");
        c.change.accept(answer);
        target.send(answer);
        assertEquals(1, discovery.poll());
        assertEquals(List.of(), discovery.found());
    }

    @Test
    void asksAgainUntilTheTimeIsOver() throws Exception {
        assertEquals(List.of(), discovery.find(ScriptedTarget.ADDRESS, 20_000_000));
        for (int i = 0; i < 4; i++) {
            assertEquals(1, AoeFrame.major(target.next(), 0));
        }
        assertNull(target.next());
    }
}
