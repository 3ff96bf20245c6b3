// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.vblade4j.control.Answer;
import org.vblade4j.control.ControlClient;
import org.vblade4j.peers.RawSocket;
import org.vblade4j.testing.ForgedStations;
import org.vblade4j.testing.Program;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * Bursts of frames that are random, or nearly valid, from several forged stations: after each the
 * target still answers another station and the control socket its caller, and memory and threads
 * are as before. The seed is printed; {@code -Dvblade4j.liveness.seconds=N} for longer.
 */
class LivenessLiveTest extends ProgramLab {
    private static final System.Logger LOG = System.getLogger(LivenessLiveTest.class.getName());
    private static final long SECONDS = Long.getLong("vblade4j.liveness.seconds", 20);
    private static final int STATIONS = 40;
    private static final int KINDS = 6;
    private static final int MOST_FRAMES = 3000;
    private static final int MTU_BYTES = 1500;
    private static final int WARM_UP_BURSTS = 20;
    private static final long MORE_BYTES = 64L << 20;
    private static final int MORE_THREADS = 4;

    private final byte[] bytes = new byte[Aoe.ETHERNET_HEADER_BYTES + MTU_BYTES];
    private final ByteBuffer frame = ByteBuffer.wrap(bytes);
    private Random random;

    /** Nobody may lock the other station out: that it is served is what is looked at. */
    private static final String SETTINGS =
            "vblade4j.defaults.remote-changes { mac-mask = refused, reservation = refused }\n";

    @Test
    void whateverComesAnotherStationIsServed() throws Exception {
        long seed = Long.getLong("vblade4j.liveness.seed", System.nanoTime());
        random = new Random(seed);
        Program program = supervise(toLog(), directory.resolve("data"), 2, SETTINGS);
        awaitBothStarted();
        RawSocket wire = keep(new RawSocket("bad"));
        long resident = 0;
        int threads = 0;
        long frames = 0;
        int bursts = 0;
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < TimeUnit.SECONDS.toNanos(SECONDS)) {
            frames += burst(wire);
            assertServes();
            assertControlAnswers();
            if (++bursts == WARM_UP_BURSTS) {
                resident = program.residentBytes();
                threads = program.threads();
            }
        }
        String figures =
                String.format(
                        "seed %d: %d bursts, %d frames; %d KiB resident, then %d; %d threads,"
                                + " then %d; log of %d bytes",
                        seed,
                        bursts,
                        frames,
                        resident >> 10,
                        program.residentBytes() >> 10,
                        threads,
                        program.threads(),
                        Files.size(log));
        LOG.log(System.Logger.Level.INFO, figures);
        assertTrue(bursts > WARM_UP_BURSTS, figures);
        assertTrue(program.residentBytes() - resident < MORE_BYTES, figures);
        assertTrue(program.threads() - threads <= MORE_THREADS, figures);
        assertEquals(0, program.end(), figures);
        assertTrue(said().lines().noneMatch(line -> line.contains("Exception")), this::said);
    }

    private void awaitBothStarted() throws Exception {
        long startNs = System.nanoTime();
        ControlClient control = new ControlClient(directory.resolve("socket"));
        while (!control.call("status").parsedRows().stream()
                .allMatch(row -> row.get("state").equals("started"))) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, this::said);
        }
    }

    private void assertControlAnswers() throws Exception {
        Answer answer = new ControlClient(directory.resolve("socket")).call("status");
        assertEquals(2, answer.parsedRows().size(), answer::error);
        for (Map<String, Object> row : answer.parsedRows()) {
            assertEquals("started", row.get("state"), row::toString);
            assertEquals(0, ((Number) row.get("restarts")).intValue(), row::toString);
        }
    }

    /** One station or many, one kind of frame or all. */
    private long burst(RawSocket wire) throws IOException {
        int count = 1 + random.nextInt(MOST_FRAMES);
        int stations = random.nextBoolean() ? 1 : STATIONS;
        int kind = random.nextBoolean() ? -1 : random.nextInt(KINDS);
        int repeat = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            byte[] sent = next(kind, stations);
            for (int j = 0; j < repeat; j++) {
                wire.send(sent);
            }
        }
        return (long) count * repeat;
    }

    private byte[] next(int kind, int stations) {
        random.nextBytes(bytes);
        long destination =
                switch (random.nextInt(8)) {
                    case 0 -> random.nextLong() & Mac.BROADCAST;
                    case 1, 2 -> Mac.BROADCAST;
                    default -> TARGET;
                };
        AoeFrame.putEthernet(frame, 0, destination, ForgedStations.mac(random.nextInt(stations)));
        int shelf = random.nextInt(8) == 0 ? 0xffff : 1;
        int slot = random.nextInt(8) == 0 ? 0xff : 1 + random.nextInt(2);
        int command = random.nextInt(5) == 0 ? random.nextInt(256) : random.nextInt(4);
        int tag = random.nextInt(random.nextBoolean() ? 4 : Integer.MAX_VALUE);
        AoeFrame.putAoe(frame, 0, 0, shelf, slot, command, tag);
        int length = arguments(kind < 0 ? random.nextInt(KINDS) : kind);
        for (int i = random.nextInt(4) == 0 ? random.nextInt(6) : 0; i > 0; i--) {
            bytes[Aoe.ETHERNET_HEADER_BYTES + random.nextInt(30)] = (byte) random.nextInt();
        }
        if (random.nextInt(8) == 0) {
            length = Aoe.ETHERNET_HEADER_BYTES + random.nextInt(MTU_BYTES);
        }
        return Arrays.copyOf(bytes, length);
    }

    /** Returns the frame's length. */
    private int arguments(int kind) {
        int command = bytes[AoeFrame.COMMAND_OFFSET] & 0xff;
        switch (kind) {
            case 0 -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) Aoe.COMMAND_ATA);
                boolean write = random.nextBoolean();
                int sectors = random.nextInt(4) == 0 ? random.nextInt(256) : 1 + random.nextInt(2);
                AtaFrame.putRequest(
                        frame,
                        0,
                        AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0),
                        write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT,
                        sectors,
                        random.nextInt(SECTORS + 4));
                return write ? AtaFrame.DATA_OFFSET + 512 * Math.min(2, sectors) : 60;
            }
            case 1 -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) Aoe.COMMAND_ATA);
                int[] commands = {
                    AtaFrame.FLUSH, AtaFrame.FLUSH_EXT, AtaFrame.IDENTIFY, 0xe5, random.nextInt(256)
                };
                int ata = commands[random.nextInt(commands.length)];
                AtaFrame.putRequest(frame, 0, AtaFrame.FLAG_EXTENDED, ata, 0, 0);
                return Aoe.MIN_FRAME_BYTES;
            }
            case 2 -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) Aoe.COMMAND_CONFIG);
                int string = random.nextInt(ConfigFrame.MAX_STRING_BYTES + 1);
                ConfigFrame.putRequest(frame, 0, random.nextInt(6), string);
                return ConfigFrame.STRING_OFFSET + string;
            }
            case 3 -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) Aoe.COMMAND_MASK);
                MaskFrame.put(frame, 0, random.nextInt(3), random.nextInt(3), random.nextInt(256));
                return Aoe.MIN_FRAME_BYTES + random.nextInt(MTU_BYTES - 60);
            }
            case 4 -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) Aoe.COMMAND_RESERVE);
                ReserveFrame.put(frame, 0, random.nextInt(4), random.nextInt(256));
                return Aoe.MIN_FRAME_BYTES + random.nextInt(MTU_BYTES - 60);
            }
            default -> {
                frame.put(AoeFrame.COMMAND_OFFSET, (byte) command);
                frame.put(AoeFrame.VERSION_FLAGS_OFFSET, (byte) random.nextInt(256));
                return Aoe.MIN_FRAME_BYTES;
            }
        }
    }
}
