// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ring.RingPorts;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.Mac;

/**
 * An initiator that writes pairs of sectors, each byte of a write the same, and need not wait for
 * an answer; and what the disk may hold after that.
 */
public final class WriteBurst implements AutoCloseable {
    public static final int PAIRS = 20;
    public static final int SECTORS = 2 * PAIRS;
    private static final long RESEND_NS = 200_000_000L;
    private static final long PATIENCE_NS = 30_000_000_000L;

    private final EthernetPort port;
    private int nextTag = 1;

    public WriteBurst(String link) throws PortException {
        port = new RingPorts().open(PortOptions.forInitiator(link, 512, 64), new Counters());
    }

    /** Writes to the first pairs of sectors; no answer is looked for. */
    public void send(AoeAddress address, int pairs, int fill) throws PortException {
        for (int pair = 0; pair < pairs; pair++) {
            commit(address, pair, fill);
        }
        port.flush();
    }

    private int commit(AoeAddress address, int pair, int fill) {
        int slot = port.claim();
        int at = port.slotOffset(slot);
        ByteBuffer slots = port.slots();
        AoeFrame.putEthernet(slots, at, Mac.BROADCAST, port.mac());
        AoeFrame.putAoe(slots, at, 0, address.shelf(), address.slot(), Aoe.COMMAND_ATA, nextTag++);
        int flags = AtaFrame.FLAG_EXTENDED | AtaFrame.FLAG_WRITE;
        AtaFrame.putRequest(slots, at, flags, AtaFrame.WRITE_EXT, 2, 2L * pair);
        byte[] data = new byte[1024];
        Arrays.fill(data, (byte) fill);
        slots.put(at + AtaFrame.DATA_OFFSET, data);
        port.commit(slot, AtaFrame.DATA_OFFSET + data.length);
        return nextTag - 1;
    }

    /** Writes until each pair has been answered as written, and asks again as an initiator does. */
    public void write(AoeAddress address, int pairs, int fill) throws PortException {
        long startNs = System.nanoTime();
        Map<Integer, Integer> pairOf = new HashMap<>();
        boolean[] answered = new boolean[pairs];
        int left = pairs;
        long sentNs = startNs - RESEND_NS;
        while (left > 0) {
            assertTrue(System.nanoTime() - startNs < PATIENCE_NS, address + ": " + left + " left");
            if (System.nanoTime() - sentNs >= RESEND_NS) {
                sentNs = System.nanoTime();
                for (int pair = 0; pair < pairs; pair++) {
                    if (!answered[pair]) {
                        pairOf.put(commit(address, pair, fill), pair);
                    }
                }
                port.flush();
            }
            port.receive((frame, at, length) -> note(frame, at, pairOf, answered), 64);
            left = 0;
            for (boolean one : answered) {
                left += one ? 0 : 1;
            }
            if (left > 0) {
                port.await(RESEND_NS / 4);
            }
        }
    }

    private static void note(
            ByteBuffer frame, int at, Map<Integer, Integer> pairOf, boolean[] answered) {
        Integer pair = pairOf.get(AoeFrame.tag(frame, at));
        if (pair != null
                && AoeFrame.isResponse(frame, at)
                && frame.get(at + AtaFrame.COMMAND_STATUS_OFFSET) == AtaFrame.STATUS_READY) {
            answered[pair] = true;
        }
    }

    /**
     * Each sector is of one write, and of one that may be seen there.
     *
     * @param newer the fill of writes that were answered last, of so many pairs; others may hold
     *     any of {@code older}
     */
    public static void check(Path file, int pairs, int newer, int... older) throws IOException {
        byte[] disk = Files.readAllBytes(file);
        assertEquals(SECTORS * 512, disk.length);
        Map<String, Integer> wrong = new TreeMap<>();
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] data = Arrays.copyOfRange(disk, sector * 512, (sector + 1) * 512);
            byte first = data[0];
            boolean whole = true;
            for (byte one : data) {
                whole &= one == first;
            }
            boolean allowed =
                    sector < 2 * pairs
                            ? first == newer
                            : Arrays.stream(older).anyMatch(fill -> first == fill);
            if (!whole || !allowed) {
                String what = whole ? String.format("only 0x%02x", first) : "more than one write";
                wrong.merge(what, 1, Integer::sum);
            }
        }
        assertEquals(Map.of(), wrong, "sectors of " + file.getFileName() + " that are wrong");
    }

    @Override
    public void close() {
        port.close();
    }
}
