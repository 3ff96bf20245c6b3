// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.FrameText;
import org.vblade4j.wire.GoldenFrames;

/** A target e1.1 on a fake port, asked frame by frame; every answer is checked for the basics. */
final class TargetRig {
    static final int SECTORS = 8192;
    static final DiskIdentity IDENTITY = new DiskIdentity("serial-1", 0x5000_1234_5678_9abcL);
    private static final int RECEIVE_OFFSET = 476;

    final FakePort port;
    final Counters counters = new Counters();
    final BlockStore store;
    final AoeTarget target;
    private final ByteBuffer receive = ByteBuffer.allocateDirect(64 * 1024);

    TargetRig() {
        this(MemoryStore.heap(SECTORS));
    }

    TargetRig(BlockStore store, long... allowedMacs) {
        this(store, new FakePort(GoldenFrames.TARGET, 1500, 32), allowedMacs);
    }

    TargetRig(BlockStore store, FakePort port, long... allowedMacs) {
        this.store = store;
        this.port = port;
        List<Long> macs = Arrays.stream(allowedMacs).boxed().toList();
        TargetSettings settings = new TargetSettings(new AoeAddress(1, 1), 16, macs, IDENTITY);
        target = new AoeTarget(settings, port, store, counters);
    }

    static TargetRig withMtu(int mtuBytes) {
        return new TargetRig(
                MemoryStore.heap(SECTORS), new FakePort(GoldenFrames.TARGET, mtuBytes, 32));
    }

    /** Hands a frame over; stale bytes follow it in the buffer, as in a ring. */
    void receive(byte[] frame) {
        for (int i = 0; i < receive.capacity(); i++) {
            receive.put(i, (byte) 0x5a);
        }
        receive.put(RECEIVE_OFFSET, frame);
        target.onFrame(receive, RECEIVE_OFFSET, frame.length);
        assertEquals(0, receive.position());
        assertEquals(receive.capacity(), receive.limit());
    }

    /** Polls and flushes; what was sent since the last call. */
    List<byte[]> sent() {
        target.poll();
        port.flush();
        List<byte[]> sent = List.copyOf(port.sent);
        port.sent.clear();
        return sent;
    }

    /** The one answer to a request, as a frame at offset 0. */
    ByteBuffer ask(Request request) {
        byte[] frame = request.bytes();
        receive(frame);
        List<byte[]> sent = sent();
        assertEquals(1, sent.size(), () -> "answers to " + text(frame));
        checkAnswer(frame, sent.get(0));
        return ByteBuffer.wrap(sent.get(0));
    }

    void expectSilence(Request request, Counter reason) {
        long before = counters.value(reason);
        receive(request.bytes());
        List<byte[]> sent = sent();
        assertTrue(sent.isEmpty(), () -> "answered " + text(sent.get(0)));
        assertEquals(before + 1, counters.value(reason), reason.label());
    }

    /** What holds for every answer, whatever was asked. */
    void checkAnswer(byte[] request, byte[] answer) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        ByteBuffer frame = ByteBuffer.wrap(answer);
        String text = text(answer);
        assertTrue(answer.length >= Aoe.MIN_FRAME_BYTES, text);
        assertTrue(answer.length <= port.mtuBytes + 14, text);
        assertEquals(AoeFrame.source(asked, 0), AoeFrame.destination(frame, 0), text);
        assertEquals(port.mac, AoeFrame.source(frame, 0), text);
        assertEquals(Aoe.ETHERTYPE, AoeFrame.etherType(frame, 0), text);
        assertEquals(Aoe.VERSION, AoeFrame.version(frame, 0), text);
        assertEquals(0x8, AoeFrame.flags(frame, 0) & ~Aoe.FLAG_ERROR, text);
        assertEquals(AoeFrame.isError(frame, 0), AoeFrame.error(frame, 0) != 0, text);
        assertEquals(1, AoeFrame.major(frame, 0), text);
        assertEquals(1, AoeFrame.minor(frame, 0), text);
        assertEquals(AoeFrame.command(asked, 0), AoeFrame.command(frame, 0), text);
        assertEquals(AoeFrame.tag(asked, 0), AoeFrame.tag(frame, 0), text);
    }

    /** An ATA answer's data. */
    static byte[] data(ByteBuffer answer) {
        byte[] data = new byte[answer.capacity() - AtaFrame.DATA_OFFSET];
        answer.get(AtaFrame.DATA_OFFSET, data);
        return data;
    }

    static String text(byte[] frame) {
        return FrameText.of(ByteBuffer.wrap(frame), 0, frame.length);
    }
}
