// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import org.vblade4j.ata.DiskIdentity;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.PortException;
import org.vblade4j.net.ReturnedFrames;
import org.vblade4j.store.BlockStore;
import org.vblade4j.store.MemoryStore;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.FrameText;
import org.vblade4j.wire.GoldenFrames;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/** A target e1.1 on a fake port, asked frame by frame; every answer is checked for the basics. */
final class TargetRig {
    static final int SECTORS = 8192;
    static final DiskIdentity IDENTITY = new DiskIdentity("serial-1", 0x5000_1234_5678_9abcL);
    private static final int RECEIVE_OFFSET = 476;
    private static final int RECEIVE_STRIDE = 2048;

    final FakePort port;
    final Counters counters = new Counters();
    final BlockStore store;
    final AoeTarget target;
    private final ByteBuffer receive = ByteBuffer.allocateDirect(128 * 1024);

    TargetRig() {
        this(MemoryStore.heap(SECTORS));
    }

    TargetRig(BlockStore store, long... allowedMacs) {
        this(store, new FakePort(GoldenFrames.TARGET, 1500, 32), allowedMacs);
    }

    TargetRig(BlockStore store, FakePort port, long... allowedMacs) {
        this(
                store,
                port,
                new TargetSettings(
                        new AoeAddress(1, 1),
                        16,
                        Arrays.stream(allowedMacs).boxed().toList(),
                        IDENTITY),
                new Stations());
    }

    TargetRig(BlockStore store, FakePort port, TargetSettings settings, Stations stations) {
        this(store, port, settings, stations, StateKeeper.NONE);
    }

    TargetRig(
            BlockStore store,
            FakePort port,
            TargetSettings settings,
            Stations stations,
            StateKeeper keeper) {
        this(store, port, settings, new TargetState(settings.allowedMacs()), stations, keeper);
    }

    TargetRig(
            BlockStore store,
            FakePort port,
            TargetSettings settings,
            TargetState state,
            Stations stations,
            StateKeeper keeper) {
        this.store = store;
        this.port = port;
        target = new AoeTarget(settings, state, stations, keeper, port, store, counters);
        byte[] stale = new byte[receive.capacity()];
        Arrays.fill(stale, (byte) 0x5a);
        receive.put(0, stale);
    }

    static TargetRig withMtu(int mtuBytes) {
        return new TargetRig(
                MemoryStore.heap(SECTORS), new FakePort(GoldenFrames.TARGET, mtuBytes, 32));
    }

    /** Hands a frame over; stale bytes follow it in the buffer, as in a ring. */
    void receive(byte[] frame) {
        receiveBatch(frame);
    }

    /** Hands frames over as one batch; afterwards their memory is overwritten, as in a ring. */
    void receiveBatch(byte[]... frames) {
        for (int i = 0; i < frames.length; i++) {
            int offset = RECEIVE_OFFSET + i * RECEIVE_STRIDE;
            receive.put(offset, frames[i]);
            target.onFrame(receive, offset, frames[i].length);
        }
        target.batchEnd();
        ReturnedFrames.overwrite(receive, 0, receive.capacity());
        assertEquals(0, receive.position());
        assertEquals(receive.capacity(), receive.limit());
    }

    /** Polls and flushes; what was sent since the last call. */
    List<byte[]> sent() {
        target.poll();
        flush();
        List<byte[]> sent = List.copyOf(port.sent);
        port.sent.clear();
        return sent;
    }

    private void flush() {
        try {
            target.flush();
        } catch (PortException e) {
            throw new AssertionError(e);
        }
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

    /** Asks what must be answered with an AoE error. */
    ByteBuffer expectError(Request request, AoeError error) {
        ByteBuffer answer = ask(request);
        assertEquals(error.code(), AoeFrame.error(answer, 0), () -> text(answer));
        return answer;
    }

    /** Asks an ATA command and compares the registers of its answer. */
    ByteBuffer expectAta(Request request, int status, int ataError) {
        ByteBuffer answer = ask(request);
        assertEquals(0, AoeFrame.error(answer, 0), () -> text(answer));
        assertEquals(status, AtaFrame.status(answer, 0), () -> text(answer));
        assertEquals(ataError, AtaFrame.error(answer, 0), () -> text(answer));
        return answer;
    }

    /** The config string as a reader sees it. */
    String configString() {
        ByteBuffer answer = ask(Request.config(ConfigFrame.READ, ""));
        byte[] string = new byte[ConfigFrame.stringBytes(answer, 0)];
        answer.get(ConfigFrame.STRING_OFFSET, string);
        return new String(string, StandardCharsets.ISO_8859_1);
    }

    /** The mask list as a reader sees it. */
    List<Long> maskList() {
        ByteBuffer answer = ask(Request.maskRead());
        return LongStream.range(0, MaskFrame.count(answer, 0))
                .mapToObj(i -> MaskFrame.mac(answer, 0, (int) i))
                .toList();
    }

    /** The reservation as a reader sees it. */
    List<Long> reservation() {
        return reservation(ask(Request.reserve(ReserveFrame.READ)));
    }

    static List<Long> reservation(ByteBuffer answer) {
        return LongStream.range(0, ReserveFrame.count(answer, 0))
                .mapToObj(i -> ReserveFrame.mac(answer, 0, (int) i))
                .toList();
    }

    /** What holds for every answer, whatever was asked. */
    void checkAnswer(byte[] request, byte[] answer) {
        ByteBuffer asked = ByteBuffer.wrap(request);
        ByteBuffer frame = ByteBuffer.wrap(answer);
        check(answer, answer.length >= Aoe.MIN_FRAME_BYTES);
        check(answer, answer.length <= port.mtuBytes + Aoe.ETHERNET_HEADER_BYTES);
        check(answer, AoeFrame.source(asked, 0) == AoeFrame.destination(frame, 0));
        check(answer, AoeFrame.source(frame, 0) == port.mac);
        check(answer, AoeFrame.etherType(frame, 0) == Aoe.ETHERTYPE);
        check(answer, AoeFrame.version(frame, 0) == Aoe.VERSION);
        check(answer, (AoeFrame.flags(frame, 0) & ~Aoe.FLAG_ERROR) == Aoe.FLAG_RESPONSE);
        check(answer, AoeFrame.isError(frame, 0) == (AoeFrame.error(frame, 0) != 0));
        check(answer, AoeFrame.major(frame, 0) == 1 && AoeFrame.minor(frame, 0) == 1);
        check(answer, AoeFrame.command(asked, 0) == AoeFrame.command(frame, 0));
        check(answer, AoeFrame.tag(asked, 0) == AoeFrame.tag(frame, 0));
        int contentBytes = contentBytes(frame);
        check(answer, answer.length == Math.max(Aoe.MIN_FRAME_BYTES, contentBytes));
        for (int i = contentBytes; i < answer.length; i++) {
            check(answer, answer[i] == 0);
        }
    }

    private static void check(byte[] answer, boolean holds) {
        if (!holds) {
            throw new AssertionError(text(answer) + " " + HexFormat.of().formatHex(answer));
        }
    }

    /** How long an answer is before its padding. */
    private static int contentBytes(ByteBuffer answer) {
        int error = AoeFrame.error(answer, 0);
        boolean dataFollows = answer.capacity() > Aoe.MIN_FRAME_BYTES;
        return switch (AoeFrame.command(answer, 0)) {
            case Aoe.COMMAND_ATA -> {
                boolean done = error == 0 && AtaFrame.status(answer, 0) == 0x40;
                yield error != 0 ? 24 : done && dataFollows ? answer.capacity() : 36;
            }
            case Aoe.COMMAND_CONFIG ->
                    error == 0 || error == 4 ? 32 + ConfigFrame.stringBytes(answer, 0) : 24;
            case Aoe.COMMAND_MASK -> {
                int count = MaskFrame.error(answer, 0) != 0 ? 0 : MaskFrame.count(answer, 0);
                yield error == 0 ? MaskFrame.frameBytes(count) : 24;
            }
            case Aoe.COMMAND_RESERVE ->
                    error == 0 || error == 6
                            ? ReserveFrame.frameBytes(ReserveFrame.count(answer, 0))
                            : 24;
            default -> 24;
        };
    }

    /** An ATA answer's data. */
    static byte[] data(ByteBuffer answer) {
        byte[] data = new byte[answer.capacity() - AtaFrame.DATA_OFFSET];
        answer.get(AtaFrame.DATA_OFFSET, data);
        return data;
    }

    static String text(ByteBuffer frame) {
        return FrameText.of(frame, 0, frame.capacity());
    }

    static String text(byte[] frame) {
        return FrameText.of(ByteBuffer.wrap(frame), 0, frame.length);
    }
}
