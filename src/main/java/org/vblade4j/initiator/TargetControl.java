// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * Everything that a target can be told or asked besides reading and writing: config string, mask
 * and reserve lists, IDENTIFY and other ATA commands. Blocks; one thread, which owns the path's
 * port meanwhile.
 *
 * <p>Every method throws {@link NoTargetException} when no answer comes in time and {@link
 * AoeErrorException} when the target refuses.
 */
public final class TargetControl {
    private static final int IDENTIFY_BYTES = 512;

    private final DiskPath path;
    private final Inquiry inquiry;
    private final long timeoutNs;

    /** A target that answers within two seconds, or not at all. */
    public TargetControl(DiskPath path) {
        this(path, TimeUnit.SECONDS.toNanos(2));
    }

    public TargetControl(DiskPath path, long timeoutNs) {
        this.path = path;
        this.timeoutNs = timeoutNs;
        inquiry = new Inquiry(path, System::nanoTime);
    }

    /**
     * Sends a config command and returns the string that the target has then.
     *
     * @param operation {@link ConfigFrame#READ} to {@link ConfigFrame#FORCE_SET}
     * @param string at most 1024 bytes, as ISO-8859-1 characters
     * @return empty if the target stays silent, as it does when a test fails
     */
    public Optional<String> config(int operation, String string) throws IOException {
        byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
        Optional<Reply> reply =
                inquiry.ask(
                        Aoe.COMMAND_CONFIG,
                        (buffer, offset) -> {
                            ConfigFrame.putRequest(buffer, offset, operation, bytes.length);
                            buffer.put(offset + ConfigFrame.STRING_OFFSET, bytes);
                            return ConfigFrame.STRING_OFFSET + bytes.length;
                        },
                        timeoutNs);
        if (reply.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer frame = checked(reply.get(), ConfigFrame.STRING_OFFSET);
        int length = ConfigFrame.stringBytes(frame, 0);
        byte[] now = new byte[Math.min(length, frame.limit() - ConfigFrame.STRING_OFFSET)];
        frame.get(ConfigFrame.STRING_OFFSET, now);
        return Optional.of(new String(now, StandardCharsets.ISO_8859_1));
    }

    /** The stations that may use the target; empty: all. */
    public List<Long> mask() throws IOException {
        return mask(List.of(), MaskFrame.DIRECTIVE_NONE);
    }

    /**
     * Adds or removes stations and returns the list as it is then. An entry that is there already,
     * or not there, is no error. The target may remove the one who asks, too.
     *
     * @param directive {@link MaskFrame#DIRECTIVE_ADD} or {@link MaskFrame#DIRECTIVE_DELETE}
     */
    public List<Long> mask(List<Long> macs, int directive) throws IOException {
        int operation = macs.isEmpty() ? MaskFrame.READ : MaskFrame.EDIT;
        ByteBuffer frame =
                ask(
                        Aoe.COMMAND_MASK,
                        (buffer, offset) -> {
                            MaskFrame.put(buffer, offset, operation, 0, macs.size());
                            for (int i = 0; i < macs.size(); i++) {
                                MaskFrame.putDirective(buffer, offset, i, directive, macs.get(i));
                            }
                            return MaskFrame.frameBytes(macs.size());
                        },
                        MaskFrame.DIRECTIVES_OFFSET);
        int count = MaskFrame.count(frame, 0);
        switch (MaskFrame.error(frame, 0)) {
            case 0 -> {}
            case MaskFrame.ERROR_LIST_FULL -> throw refused("the mask list is full", macs, count);
            case MaskFrame.ERROR_BAD_DIRECTIVE -> throw refused("bad directive", macs, count);
            default -> throw refused("mask list error", macs, count);
        }
        List<Long> list = new ArrayList<>();
        for (int i = 0; i < count && MaskFrame.frameBytes(i + 1) <= frame.limit(); i++) {
            list.add(MaskFrame.mac(frame, 0, i));
        }
        return list;
    }

    private IOException refused(String what, List<Long> macs, int index) {
        String at = index < macs.size() ? " at " + Mac.format(macs.get(index)) : "";
        return new IOException(who() + ": " + what + at);
    }

    /** The stations that hold the target; empty: it is free. */
    public List<Long> reservation() throws IOException {
        return reserve(ReserveFrame.READ, List.of());
    }

    /**
     * Replaces the list of holders and returns it; an empty list releases the target.
     *
     * @param operation {@link ReserveFrame#SET}, which a target held by others refuses, or {@link
     *     ReserveFrame#FORCE_SET}
     */
    public List<Long> reserve(int operation, List<Long> macs) throws IOException {
        ByteBuffer frame =
                ask(
                        Aoe.COMMAND_RESERVE,
                        (buffer, offset) -> {
                            ReserveFrame.put(buffer, offset, operation, macs.size());
                            for (int i = 0; i < macs.size(); i++) {
                                ReserveFrame.putMac(buffer, offset, i, macs.get(i));
                            }
                            return ReserveFrame.frameBytes(macs.size());
                        },
                        ReserveFrame.MACS_OFFSET);
        List<Long> list = new ArrayList<>();
        int count = ReserveFrame.count(frame, 0);
        for (int i = 0; i < count && ReserveFrame.frameBytes(i + 1) <= frame.limit(); i++) {
            list.add(ReserveFrame.mac(frame, 0, i));
        }
        return list;
    }

    /** The 512 bytes of IDENTIFY DEVICE. */
    public byte[] identify() throws IOException {
        AtaResult result = ata(new AtaRegisters(AtaFrame.IDENTIFY, 0, 1, 0xa000_0000L));
        if (result.failed() || result.data().length < IDENTIFY_BYTES) {
            throw new IOException(who() + ": IDENTIFY failed, " + result);
        }
        byte[] page = new byte[IDENTIFY_BYTES];
        System.arraycopy(result.data(), 0, page, 0, page.length);
        return page;
    }

    /** Any ATA command that sends no data. */
    public AtaResult ata(AtaRegisters registers) throws IOException {
        ByteBuffer frame =
                ask(
                        Aoe.COMMAND_ATA,
                        (buffer, offset) -> {
                            AtaFrame.putRequest(
                                    buffer,
                                    offset,
                                    0,
                                    registers.command(),
                                    registers.sectors(),
                                    registers.lba());
                            buffer.put(
                                    offset + AtaFrame.FEATURE_ERROR_OFFSET,
                                    (byte) registers.feature());
                            return AtaFrame.DATA_OFFSET;
                        },
                        AtaFrame.DATA_OFFSET);
        byte[] data = new byte[frame.limit() - AtaFrame.DATA_OFFSET];
        frame.get(AtaFrame.DATA_OFFSET, data);
        return new AtaResult(
                AtaFrame.status(frame, 0),
                AtaFrame.error(frame, 0),
                AtaFrame.sectorCount(frame, 0),
                AtaFrame.lba48(frame, 0),
                data);
    }

    private ByteBuffer ask(int command, Inquiry.Arguments arguments, int minimumBytes)
            throws IOException {
        Optional<Reply> reply = inquiry.ask(command, arguments, timeoutNs);
        if (reply.isEmpty()) {
            throw new NoTargetException(who() + " does not answer");
        }
        return checked(reply.get(), minimumBytes);
    }

    private ByteBuffer checked(Reply reply, int minimumBytes) throws IOException {
        ByteBuffer frame = reply.frame();
        if (AoeFrame.isError(frame, 0)) {
            throw new AoeErrorException(who(), AoeFrame.error(frame, 0));
        }
        if (frame.limit() < minimumBytes) {
            throw new IOException(who() + ": an answer of only " + frame.limit() + " bytes");
        }
        return frame;
    }

    private String who() {
        return path.target().address().toString();
    }
}
