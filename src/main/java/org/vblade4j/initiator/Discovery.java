// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;

/**
 * Asks the network which targets there are. {@link #run} and {@link #find} block; a caller with a
 * loop of its own uses {@link #query}, {@link #poll} and {@link #found}. One thread, which owns the
 * port meanwhile; other frames that arrive are lost to others.
 */
public final class Discovery {
    private static final int BATCH = 64;

    /** The query is sent anew so many times within the time given: a frame may be lost. */
    private static final int QUERIES = 4;

    private static final int DEFAULT_SECTORS = 2;

    private final EthernetPort port;
    private final LongSupplier clockNs;
    private final FoundTargets found = new FoundTargets();
    private final int tag;
    private int askedShelf = AoeAddress.WILDCARD_SHELF;
    private int askedSlot = AoeAddress.WILDCARD_SLOT;

    /**
     * @param clockNs monotonic, in nanoseconds; also what the query's tag is made from
     */
    public Discovery(EthernetPort port, LongSupplier clockNs) {
        this.port = port;
        this.clockNs = clockNs;
        tag = Aoe.TAG_USER_SPACE | (int) (clockNs.getAsLong() >>> 10);
    }

    /** All targets that answer within the time, by address. */
    public List<FoundTarget> run(long timeoutNs) throws PortException {
        ask(AoeAddress.WILDCARD_SHELF, AoeAddress.WILDCARD_SLOT, timeoutNs, () -> false);
        return found();
    }

    /** Those that answer for one address, as soon as there is one; none when the time is over. */
    public List<FoundTarget> find(AoeAddress address, long timeoutNs) throws PortException {
        ask(address.shelf(), address.slot(), timeoutNs, () -> !found.isEmpty());
        return found();
    }

    private void ask(int shelf, int slot, long timeoutNs, BooleanSupplier enough)
            throws PortException {
        long startNs = clockNs.getAsLong();
        long passedNs = 0;
        int sent = 0;
        while (passedNs < timeoutNs && !enough.getAsBoolean()) {
            if (passedNs >= timeoutNs / QUERIES * sent) {
                query(shelf, slot);
                sent++;
            }
            if (poll() == 0) {
                long nextNs = sent < QUERIES ? timeoutNs / QUERIES * sent : timeoutNs;
                port.await(Math.max(0, Math.min(nextNs, timeoutNs) - passedNs));
            }
            passedNs = clockNs.getAsLong() - startNs;
        }
    }

    /** Sends one query; all-ones ask every shelf or slot. Without a free slot nothing is sent. */
    public void query(int shelf, int slot) throws PortException {
        askedShelf = shelf;
        askedSlot = slot;
        int free = port.claim();
        if (free >= 0) {
            ByteBuffer buffer = port.slots();
            int offset = port.slotOffset(free);
            AoeFrame.putEthernet(buffer, offset, Mac.BROADCAST, port.mac());
            AoeFrame.putAoe(buffer, offset, 0, shelf, slot, Aoe.COMMAND_CONFIG, tag);
            ConfigFrame.putRequest(buffer, offset, ConfigFrame.READ, 0);
            port.commit(free, AoeFrame.pad(buffer, offset, ConfigFrame.STRING_OFFSET));
        }
        port.flush();
    }

    /** Takes what has arrived; returns the number of frames, of whatever kind. */
    public int poll() throws PortException {
        return port.receive(this::onFrame, BATCH);
    }

    /** What was found so far, by address and then by hardware address. */
    public List<FoundTarget> found() {
        return found.sorted();
    }

    boolean hasFound() {
        return !found.isEmpty();
    }

    /** Answers that were left out because there were too many. */
    public long leftOut() {
        return found.leftOut();
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        boolean ours =
                lengthBytes >= ConfigFrame.STRING_OFFSET
                        && AoeFrame.etherType(buffer, offset) == Aoe.ETHERTYPE
                        && AoeFrame.version(buffer, offset) == Aoe.VERSION
                        && AoeFrame.flags(buffer, offset) == Aoe.FLAG_RESPONSE
                        && AoeFrame.command(buffer, offset) == Aoe.COMMAND_CONFIG
                        && AoeFrame.tag(buffer, offset) == tag;
        int shelf = AoeFrame.major(buffer, offset);
        int slot = AoeFrame.minor(buffer, offset);
        boolean meant =
                (askedShelf == shelf || askedShelf == AoeAddress.WILDCARD_SHELF)
                        && (askedSlot == slot || askedSlot == AoeAddress.WILDCARD_SLOT);
        if (ours && meant && shelf <= AoeAddress.MAX_SHELF && slot <= AoeAddress.MAX_SLOT) {
            add(new AoeAddress(shelf, slot), buffer, offset, lengthBytes);
        }
    }

    private void add(AoeAddress address, ByteBuffer buffer, int offset, int lengthBytes) {
        long mac = AoeFrame.source(buffer, offset);
        int stringBytes = ConfigFrame.stringBytes(buffer, offset);
        if (stringBytes > lengthBytes - ConfigFrame.STRING_OFFSET || !Mac.isUnicast(mac)) {
            return;
        }
        byte[] string = new byte[stringBytes];
        buffer.get(offset + ConfigFrame.STRING_OFFSET, string);
        int sectors = ConfigFrame.sectorCount(buffer, offset);
        FoundTarget target =
                new FoundTarget(
                        address,
                        mac,
                        ConfigFrame.bufferCount(buffer, offset),
                        ConfigFrame.firmware(buffer, offset),
                        sectors == 0 ? DEFAULT_SECTORS : sectors,
                        new String(string, StandardCharsets.ISO_8859_1));
        found.add(target);
    }
}
