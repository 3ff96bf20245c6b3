// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.hostile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * A station for {@code src/test/soak/hostile} that does what it can against two exports: one that
 * anybody may use, and one that only a host may whose address it does not know. It writes to no
 * disk, since whoever may write may also write rubbish. Arguments: interface, seed, seconds, the
 * target's address, and shelf and slot of the open and of the guarded export.
 */
public final class HostileStation {
    private static final System.Logger LOG = System.getLogger(HostileStation.class.getName());
    private static final int BURST = 64;
    private static final int RATE = 4000;
    private static final int FORGED = 1000;
    private static final long FORGED_BASE = 0x02_66_00_00_00_00L;
    private static final int OTHER_TYPES = 4;

    private enum Attack {
        RANDOM_BYTES,
        NEARLY_VALID,
        CONFIG_STRINGS,
        FORGED_RESPONSES,
        FLUSHES,
        READS,
        WILDCARDS,
        RESERVATIONS,
        MASKS,
        TAGGED
    }

    private final EthernetPort port;
    private final SplittableRandom random;
    private final long target;
    private final int[][] exports;
    private final Map<Attack, Long> sent = new EnumMap<>(Attack.class);
    private long answers;

    private HostileStation(EthernetPort port, long seed, long target, int[][] exports) {
        this.port = port;
        this.target = target;
        this.exports = exports;
        random = new SplittableRandom(seed);
    }

    /** Ends with what it has sent. */
    public static void main(String[] args) throws IOException {
        int[][] exports = {
            {Integer.parseInt(args[4]), Integer.parseInt(args[5])},
            {Integer.parseInt(args[6]), Integer.parseInt(args[7])}
        };
        try (EthernetPort port =
                new RingPorts()
                        .open(PortOptions.forInitiator(args[0], 256, BURST), new Counters())) {
            HostileStation station =
                    new HostileStation(
                            port,
                            Long.parseLong(args[1]),
                            Mac.parse(args[3]).orElseThrow(),
                            exports);
            station.run(TimeUnit.SECONDS.toNanos(Long.parseLong(args[2])));
            LOG.log(
                    System.Logger.Level.INFO,
                    "{0}: sent {1}; {2} answers",
                    args[0],
                    station.sent.toString(),
                    Long.toString(station.answers));
        }
    }

    private void run(long lengthNs) throws PortException {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < lengthNs) {
            Attack attack = Attack.values()[random.nextInt(Attack.values().length)];
            boolean fullSpeed = random.nextInt(8) == 0;
            long phaseNs = TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(1500));
            long phaseStartNs = System.nanoTime();
            long frames = 0;
            while (System.nanoTime() - phaseStartNs < phaseNs) {
                frames += burst(attack);
                long dueNs = frames * TimeUnit.SECONDS.toNanos(1) / RATE;
                long aheadNs = dueNs - (System.nanoTime() - phaseStartNs);
                if (!fullSpeed && aheadNs > 0) {
                    port.await(Math.min(aheadNs, TimeUnit.MILLISECONDS.toNanos(20)));
                }
            }
            sent.merge(attack, frames, Long::sum);
        }
    }

    private int burst(Attack attack) throws PortException {
        int count = 1 + random.nextInt(BURST);
        for (int i = 0; i < count; i++) {
            int slot = port.claim();
            int at = port.slotOffset(slot);
            int length = write(attack, port.slots(), at, port.slotBytes());
            port.commit(slot, length);
        }
        port.flush();
        answers += port.receive((buffer, offset, length) -> {}, BURST);
        return count;
    }

    private long forged() {
        return FORGED_BASE + random.nextInt(FORGED);
    }

    private int write(Attack attack, ByteBuffer frame, int at, int most) {
        AoeFrame.putEthernet(frame, at, target, random.nextBoolean() ? forged() : port.mac());
        return switch (attack) {
            case RANDOM_BYTES -> randomBytes(frame, at, most);
            case NEARLY_VALID -> nearlyValid(frame, at, most);
            case CONFIG_STRINGS -> config(frame, at);
            case FORGED_RESPONSES -> response(frame, at);
            case FLUSHES -> ata(frame, at, 0, AtaFrame.FLUSH_EXT, 0);
            case READS -> ata(frame, at, 0, AtaFrame.READ_EXT, 1 + random.nextInt(2));
            case WILDCARDS -> wildcard(frame, at);
            case RESERVATIONS -> reservation(frame, at);
            case MASKS -> mask(frame, at);
            case TAGGED -> tagged(frame, at);
        };
    }

    private void address(ByteBuffer frame, int at, int flags, int command) {
        int[] export = exports[random.nextInt(exports.length)];
        AoeFrame.putAoe(frame, at, flags, export[0], export[1], command, random.nextInt());
    }

    private void fill(ByteBuffer frame, int at, int from, int to) {
        for (int i = from; i < to; i++) {
            frame.put(at + i, (byte) random.nextInt());
        }
    }

    private int randomBytes(ByteBuffer frame, int at, int most) {
        int length = Math.max(60, random.nextInt(most + 1));
        fill(frame, at, 14, length);
        return length;
    }

    /** One field, or none, is what no sound station sends; never a write. */
    private int nearlyValid(ByteBuffer frame, int at, int most) {
        int length = ata(frame, at, random.nextInt(256), AtaFrame.READ_EXT, random.nextInt(256));
        int place = 14 + random.nextInt(length - 14);
        if (place != AtaFrame.COMMAND_STATUS_OFFSET) {
            frame.put(at + place, (byte) random.nextInt());
        }
        return random.nextBoolean() ? length : Math.min(most, 60 + random.nextInt(1400));
    }

    private int ata(ByteBuffer frame, int at, int flags, int command, int sectors) {
        address(frame, at, 0, Aoe.COMMAND_ATA);
        int known = (flags | AtaFrame.FLAG_EXTENDED) & ~AtaFrame.FLAG_WRITE;
        AtaFrame.putRequest(frame, at, known, command, sectors, random.nextInt(1 << 14));
        return AoeFrame.pad(frame, at, AtaFrame.DATA_OFFSET);
    }

    private int config(ByteBuffer frame, int at) {
        address(frame, at, 0, Aoe.COMMAND_CONFIG);
        int length = random.nextInt(ConfigFrame.MAX_STRING_BYTES + 1);
        int operation = random.nextInt(8);
        ConfigFrame.putRequest(frame, at, operation, length);
        fill(frame, at, ConfigFrame.STRING_OFFSET, ConfigFrame.STRING_OFFSET + length);
        return AoeFrame.pad(frame, at, ConfigFrame.STRING_OFFSET + length);
    }

    /** As a rival target would answer for the same address. */
    private int response(ByteBuffer frame, int at) {
        address(frame, at, Aoe.FLAG_RESPONSE, Aoe.COMMAND_CONFIG);
        byte[] text = "\u001b]0;rival\u0007\u202e".getBytes(StandardCharsets.UTF_8);
        ConfigFrame.putResponse(frame, at, 16, 1, 2, ConfigFrame.READ);
        ConfigFrame.putStringBytes(frame, at, text.length);
        frame.put(at + ConfigFrame.STRING_OFFSET, text);
        return AoeFrame.pad(frame, at, ConfigFrame.STRING_OFFSET + text.length);
    }

    private int wildcard(ByteBuffer frame, int at) {
        AoeFrame.putEthernet(frame, at, Mac.BROADCAST, forged());
        int shelf = random.nextBoolean() ? AoeAddress.WILDCARD_SHELF : exports[0][0];
        int command = random.nextBoolean() ? Aoe.COMMAND_CONFIG : Aoe.COMMAND_ATA;
        AoeFrame.putAoe(frame, at, 0, shelf, AoeAddress.WILDCARD_SLOT, command, random.nextInt());
        if (command == Aoe.COMMAND_CONFIG) {
            ConfigFrame.putRequest(frame, at, ConfigFrame.READ, 0);
            return AoeFrame.pad(frame, at, ConfigFrame.STRING_OFFSET);
        }
        AtaFrame.putRequest(frame, at, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, 2, 0);
        return AoeFrame.pad(frame, at, AtaFrame.DATA_OFFSET);
    }

    /** Of the guarded export only: the open one would be its own afterwards. */
    private int reservation(ByteBuffer frame, int at) {
        AoeFrame.putAoe(
                frame, at, 0, exports[1][0], exports[1][1], Aoe.COMMAND_RESERVE, random.nextInt());
        int count = random.nextInt(255);
        ReserveFrame.put(frame, at, random.nextInt(4), count);
        for (int i = 0; i < count && ReserveFrame.frameBytes(i + 1) <= 1400; i++) {
            ReserveFrame.putMac(frame, at, i, forged());
        }
        return AoeFrame.pad(frame, at, Math.min(1400, ReserveFrame.frameBytes(count)));
    }

    private int mask(ByteBuffer frame, int at) {
        address(frame, at, 0, Aoe.COMMAND_MASK);
        int count = random.nextInt(255);
        MaskFrame.put(frame, at, random.nextInt(3), 0, count);
        for (int i = 0; i < count && MaskFrame.frameBytes(i + 1) <= 1400; i++) {
            MaskFrame.putDirective(frame, at, i, random.nextInt(4), forged());
        }
        return AoeFrame.pad(frame, at, Math.min(1400, MaskFrame.frameBytes(count)));
    }

    /** With one or two 802.1Q tags before a query. */
    private int tagged(ByteBuffer frame, int at) {
        int tags = 1 + random.nextInt(2);
        for (int i = 0; i < tags; i++) {
            frame.putShort(at + 12 + i * 4, (short) (random.nextBoolean() ? 0x8100 : 0x88a8));
            frame.putShort(at + 14 + i * 4, (short) random.nextInt(OTHER_TYPES));
        }
        int query = at + tags * 4;
        frame.putShort(query + 12, (short) Aoe.ETHERTYPE);
        address(frame, query, 0, Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(frame, query, ConfigFrame.READ, 0);
        return AoeFrame.pad(frame, query, ConfigFrame.STRING_OFFSET) + tags * 4;
    }
}
