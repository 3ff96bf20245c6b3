// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.store.StoreRequest;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** What a remote disk makes of answers, right and wrong ones, and of silence. */
class AnswersTest {
    private static final long MS = 1_000_000;
    private static final DiskSettings SETTINGS = new DiskSettings(4, 10 * MS, 80 * MS, 500 * MS);

    private final ScriptedTarget target = new ScriptedTarget();
    private final ByteBuffer data = ByteBuffer.allocate(1024);
    private final StoreRequest request = new StoreRequest(done -> ended = true);
    private boolean ended;
    private long nowNs;
    private RemoteDisk disk;

    @BeforeEach
    void connect() throws Exception {
        disk = new RemoteDisk(target.clientPort, ScriptedTarget.FOUND, SETTINGS, () -> nowNs);
        disk.poll();
        ByteBuffer identify = target.next();
        assertEquals(AtaFrame.IDENTIFY, AtaFrame.command(identify, 0));
        ByteBuffer page = ScriptedTarget.answer(identify);
        page.put(36 + 2 * 60 + 1, (byte) 0x10); // words 60 and 61: 4096 sectors, 28 bits
        target.send(page);
        disk.poll();
        assertEquals(4096, disk.sectors());
    }

    private record Case(
            String desc, boolean write, Consumer<ByteBuffer> change, StoreStatus expected) {
        @Override
        public String toString() {
            return desc;
        }
    }

    private static Case ata(String desc, boolean write, int error, StoreStatus expected) {
        int failed = AtaFrame.STATUS_READY | AtaFrame.STATUS_ERROR;
        return new Case(desc, write, a -> AtaFrame.putResult(a, 0, error, 2, failed), expected);
    }

    static Stream<Case> answers() {
        return Stream.of(
                new Case("success", false, a -> {}, StoreStatus.OK),
                new Case("success of a write", true, a -> {}, StoreStatus.OK),
                ata("address not found", false, AtaFrame.ERROR_IDNF, StoreStatus.OUT_OF_RANGE),
                ata("uncorrectable", false, AtaFrame.ERROR_UNC, StoreStatus.MEDIA_ERROR),
                ata("aborted read", false, AtaFrame.ERROR_ABRT, StoreStatus.MEDIA_ERROR),
                ata("aborted write", true, AtaFrame.ERROR_ABRT, StoreStatus.READ_ONLY),
                new Case(
                        "device fault without error bits",
                        true,
                        a -> AtaFrame.putResult(a, 0, 0, 0, AtaFrame.STATUS_FAULT),
                        StoreStatus.MEDIA_ERROR),
                new Case(
                        "AoE error: bad argument",
                        false,
                        a -> AoeFrame.putError(a, 0, AoeError.BAD_ARGUMENT),
                        StoreStatus.MEDIA_ERROR),
                new Case(
                        "AoE error: device unavailable",
                        false,
                        a -> AoeFrame.putError(a, 0, AoeError.DEVICE_UNAVAILABLE),
                        StoreStatus.UNAVAILABLE),
                new Case(
                        "AoE error: reserved for others",
                        true,
                        a -> AoeFrame.putError(a, 0, AoeError.TARGET_RESERVED),
                        StoreStatus.UNAVAILABLE));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerBecomesAStatus(Case c) throws Exception {
        ByteBuffer answer = ScriptedTarget.answer(ask(c.write));
        c.change.accept(answer);
        target.send(answer);
        disk.poll();
        assertTrue(ended);
        assertEquals(c.expected, request.status());
        assertEquals(0, disk.strays());
    }

    static Stream<Case> strangers() {
        return Stream.of(
                stranger("another tag", a -> a.putInt(20, a.getInt(20) + 256)),
                stranger("another flight's tag", a -> a.putInt(20, a.getInt(20) ^ 1)),
                stranger("a flight that does not exist", a -> a.putInt(20, a.getInt(20) | 0xff)),
                stranger("another shelf", a -> a.putShort(16, (short) 2)),
                stranger("another slot", a -> a.put(18, (byte) 2)),
                stranger("another command", a -> a.put(19, (byte) Aoe.COMMAND_MASK)),
                stranger("another version", a -> a.put(14, (byte) 0x28)),
                stranger("another station", a -> a.putInt(8, 0x77)));
    }

    private static Case stranger(String desc, Consumer<ByteBuffer> change) {
        return new Case(desc, false, change, StoreStatus.OK);
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aFrameThatIsNotTheAnswerChangesNothing(Case c) throws Exception {
        ByteBuffer asked = ask(false);
        ByteBuffer answer = ScriptedTarget.answer(asked);
        c.change.accept(answer);
        answer.put(36, (byte) 99);
        target.send(answer);
        disk.poll();
        assertFalse(ended);
        assertEquals(0, data.get(0));
        assertEquals(1, disk.strays());
        target.send(ScriptedTarget.answer(asked));
        disk.poll();
        assertTrue(ended);
    }

    @Test
    void aReadWithTooLittleDataIsAnErrorAndCopiesNothing() throws Exception {
        ByteBuffer answer = ScriptedTarget.answer(ask(false));
        answer.put(36, (byte) 99);
        target.send(answer, 36 + 1023);
        disk.poll();
        assertEquals(StoreStatus.MEDIA_ERROR, request.status());
        assertEquals(0, data.get(0));
    }

    @Test
    void eachRepetitionHasANewTagAndWaitsLonger() throws Exception {
        ByteBuffer first = ask(true);
        int frames = target.requests.size();
        long lastNs = nowNs;
        long lastGapNs = 0;
        int lastTag = AoeFrame.tag(first, 0);
        boolean suspect = false;
        while (!ended) {
            nowNs += MS;
            disk.poll();
            ByteBuffer again = target.next();
            if (again != null) {
                assertNotEquals(lastTag, AoeFrame.tag(again, 0));
                assertTrue(AoeFrame.tag(again, 0) < 0, "bit 31");
                lastTag = AoeFrame.tag(again, 0);
                boolean identify = AtaFrame.command(again, 0) == AtaFrame.IDENTIFY;
                boolean begins = identify && !suspect;
                suspect |= identify;
                assertEquals(suspect, identify, "it must say first which disk it is");
                assertTrue(begins || nowNs - lastNs >= Math.min(lastGapNs, 80 * MS));
                lastGapNs = begins ? 0 : nowNs - lastNs; // another question waits anew
                lastNs = nowNs;
                assertTrue(identify || first.slice(24, 36).equals(again.slice(24, 36)));
            }
        }
        assertTrue(suspect);
        assertEquals(StoreStatus.UNAVAILABLE, request.status());
        assertEquals(disk.resends() + 1, target.requests.size() - frames, "one new question");
        assertTrue(disk.resends() >= 6, disk.resends() + " resends");
    }

    @Test
    void anAnswerToAnEarlierTransmissionIsNotTaken() throws Exception {
        ByteBuffer first = ask(false);
        nowNs += 100 * MS;
        disk.poll();
        ByteBuffer second = target.next();
        target.send(ScriptedTarget.answer(first));
        disk.poll();
        assertFalse(ended);
        target.send(ScriptedTarget.answer(second));
        disk.poll();
        assertTrue(ended);
        target.send(ScriptedTarget.answer(second));
        disk.poll();
        assertEquals(2, disk.strays());
    }

    @Test
    void addressesOf28BitsCarryTheDeviceBits() throws Exception {
        disk.submit(request.read(0xabc, 1, data, 0));
        disk.poll();
        ByteBuffer asked = target.next();
        assertEquals(AtaFrame.READ, AtaFrame.command(asked, 0));
        assertEquals(0xe000_0abcL, AtaFrame.lba48(asked, 0));
        assertEquals(0, AtaFrame.flags(asked, 0));
    }

    private ByteBuffer ask(boolean write) throws Exception {
        disk.submit(write ? request.write(4, 2, data, 0) : request.read(4, 2, data, 0));
        disk.poll();
        return target.next();
    }
}
