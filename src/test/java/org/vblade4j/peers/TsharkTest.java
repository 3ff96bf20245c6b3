// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vblade4j.testing.PrivateNetwork;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** Wireshark's dissector reads the same fields in our frames as we do. */
@Tag("live")
final class TsharkTest {
    private static final List<String> FIELDS =
            List.of(
                    "aoe.version",
                    "aoe.response",
                    "aoe.flags_error",
                    "aoe.error",
                    "aoe.major",
                    "aoe.minor",
                    "aoe.cmd",
                    "aoe.tag",
                    "aoe.ata.cmd",
                    "aoe.ata.status",
                    "aoe.sector_count",
                    "aoe.err_feature",
                    "aoe.lba",
                    "aoe.aflags.e",
                    "aoe.aflags.w",
                    "_ws.malformed");

    @TempDir Path directory;

    @Test
    void readsTheFieldsThatWeRead() throws Exception {
        List<byte[]> frames = PrivateNetwork.call(this::exchange);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < frames.size(); i++) { // an announcement, then pairs
            expected.add(ourReading(frames.get(i), frames.get(i % 2 == 0 && i > 0 ? i - 1 : i)));
        }
        Path capture = directory.resolve("frames.pcap");
        Files.write(capture, pcap(frames));
        assertEquals(String.join("\n", expected), String.join("\n", tshark(capture)));
    }

    /** Requests and answers, in turn. */
    private List<byte[]> exchange(PrivateNetwork network) throws IOException {
        network.veth("vj0", Request.TARGET_MAC, "vj1", Request.CLIENT_MAC, Contender.MTU_BYTES);
        OracleImage image = OracleImage.create(directory.resolve("disk"), OracleCase.SECTORS);
        List<byte[]> frames = new ArrayList<>();
        try (Contender target = new OurTarget("vj0", "vj1")) {
            target.start(new Contender.Export(image.path(), 16, false));
            frames.add(target.announcement());
            for (OracleCase.Step step : steps()) {
                List<byte[]> answers = target.exchange(step.frame());
                assertEquals(1, answers.size(), step.words());
                frames.add(step.frame());
                frames.addAll(answers);
            }
        }
        return frames;
    }

    private static List<OracleCase.Step> steps() {
        return OracleCase.of("tshark")
                .then("config", Request.config(0, "").address(0xffff, 0xff))
                .then("config set", Request.config(3, "label"))
                .then("config conflict", Request.config(3, "other"))
                .then("identify", Request.ata(0xec, 1))
                .then("read", Request.read(0x123, 2))
                .then("28 bit read", Request.read28(0x45, 1))
                .then("write", Request.write(0x3ff, 1, OracleCases.data(1, 1)))
                .then("past the end", Request.read(0xfedc_ba98_7654L, 1))
                .then("unknown opcode", Request.ata(0xb0, 0))
                .then("unknown command", Request.command(0x42, 0))
                .then("mask", Request.mask(0))
                .then("reserve", Request.reserve(0))
                .steps();
    }

    /**
     * In tshark's notation: a field that a frame does not have is empty, and an answer to an ATA
     * command shows the opcode of the request that tshark found for it.
     */
    private static String ourReading(byte[] frame, byte[] request) {
        ByteBuffer buffer = ByteBuffer.wrap(frame);
        boolean response = AoeFrame.isResponse(buffer, 0);
        boolean error = AoeFrame.isError(buffer, 0);
        List<String> values = new ArrayList<>();
        values.add(String.valueOf(AoeFrame.version(buffer, 0)));
        values.add(flag(response));
        values.add(flag(error));
        values.add(error ? String.valueOf(AoeFrame.error(buffer, 0)) : "");
        values.add(hex(AoeFrame.major(buffer, 0), 4));
        values.add(hex(AoeFrame.minor(buffer, 0), 2));
        values.add(String.valueOf(AoeFrame.command(buffer, 0)));
        values.add(hex(Integer.toUnsignedLong(AoeFrame.tag(buffer, 0)), 8));
        boolean ata = AoeFrame.command(buffer, 0) == 0;
        values.add(ata ? hex(AtaFrame.command(ByteBuffer.wrap(request), 0), 2) : "");
        values.add(ata && response ? hex(AtaFrame.status(buffer, 0), 2) : "");
        values.add(ata ? String.valueOf(AtaFrame.sectorCount(buffer, 0)) : "");
        values.add(ata ? hex(AtaFrame.feature(buffer, 0), 2) : "");
        values.add(ata ? hex(AtaFrame.lba48(buffer, 0), 16) : "");
        values.add(ata ? flag((AtaFrame.flags(buffer, 0) & Request.LBA48) != 0) : "");
        values.add(ata ? flag((AtaFrame.flags(buffer, 0) & Request.WRITE) != 0) : "");
        values.add("");
        return String.join("|", values);
    }

    private static String flag(boolean set) {
        return set ? "1" : "0";
    }

    private static String hex(long value, int digits) {
        return String.format(Locale.ROOT, "0x%0" + digits + "x", value);
    }

    private static List<String> tshark(Path capture) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tshark", "-r", capture.toString()));
        command.addAll(List.of("-T", "fields", "-E", "separator=|"));
        FIELDS.forEach(field -> command.addAll(List.of("-e", field)));
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), "tshark's status");
            return text.lines().toList();
        }
    }

    /** The classic format: a header for the file and one for each frame. */
    private static byte[] pcap(List<byte[]> frames) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer header = ByteBuffer.allocate(24);
        header.putInt(0xa1b2c3d4).putShort((short) 2).putShort((short) 4).putLong(0);
        out.write(header.putInt(65535).putInt(1).array()); // 1 is Ethernet
        for (int i = 0; i < frames.size(); i++) {
            int bytes = frames.get(i).length;
            out.write(
                    ByteBuffer.allocate(16)
                            .putInt(i)
                            .putInt(0)
                            .putInt(bytes)
                            .putInt(bytes)
                            .array());
            out.write(frames.get(i));
        }
        return out.toByteArray();
    }
}
