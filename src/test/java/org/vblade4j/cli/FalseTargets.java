// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.nio.ByteBuffer;
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

/**
 * A station that answers each question who is there in the names of many, again and again for as
 * long as it lives. Only e0.0 also answers IDENTIFY.
 */
final class FalseTargets implements AutoCloseable {
    static final int SECTORS = 2048;
    private static final long FIRST_MAC = 0x0200_1000_0000L;
    private static final int BATCH = 64;
    private static final int SLOTS = 256;
    private static final int IDENTIFY_BYTES = 512;

    private final EthernetPort port;
    private final int count;
    private final byte[] string;
    private final Thread thread = new Thread(this::work, "false targets");
    private volatile boolean over;
    private volatile long sent;
    private int tag;
    private long next = Long.MAX_VALUE;

    FalseTargets(String netif, int count, byte[] string) throws PortException {
        port =
                new RingPorts()
                        .open(
                                PortOptions.forTarget(netif, new AoeAddress(0, 0), BATCH, SLOTS),
                                new Counters());
        this.count = count;
        this.string = string.clone();
        thread.setDaemon(true);
        thread.start();
    }

    long sent() {
        return sent;
    }

    private void work() {
        try {
            while (!over) {
                if (port.receive(this::onFrame, BATCH) == 0 && next >= count) {
                    port.await(TimeUnit.MILLISECONDS.toNanos(10));
                }
                for (int i = 0; i < BATCH && next < count; i++) {
                    answer((int) next);
                }
                port.flush();
            }
        } catch (PortException e) {
            over = true;
        }
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (AoeFrame.command(buffer, offset) == Aoe.COMMAND_CONFIG) {
            tag = AoeFrame.tag(buffer, offset);
            next = 0;
        } else if (AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA
                && AoeFrame.major(buffer, offset) == 0
                && AoeFrame.minor(buffer, offset) == 0) {
            identify(AoeFrame.source(buffer, offset), AoeFrame.tag(buffer, offset));
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // by one thread only
    private void answer(int index) {
        int slot = port.claim();
        if (slot < 0) {
            return;
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        head(buffer, at, Mac.BROADCAST, index, Aoe.COMMAND_CONFIG, tag);
        ConfigFrame.putResponse(buffer, at, 16, 1, 2, ConfigFrame.READ);
        ConfigFrame.putStringBytes(buffer, at, string.length);
        buffer.put(at + ConfigFrame.STRING_OFFSET, string);
        port.commit(slot, AoeFrame.pad(buffer, at, ConfigFrame.STRING_OFFSET + string.length));
        sent++;
        next++;
    }

    private void head(ByteBuffer buffer, int at, long to, int index, int command, int tag) {
        int shelf = index / AoeAddress.WILDCARD_SLOT;
        int slot = index % AoeAddress.WILDCARD_SLOT;
        AoeFrame.putEthernet(buffer, at, to, index == 0 ? port.mac() : FIRST_MAC + index);
        AoeFrame.putAoe(buffer, at, Aoe.FLAG_RESPONSE, shelf, slot, command, tag);
    }

    private void identify(long to, int askedTag) {
        int slot = port.claim();
        if (slot < 0) {
            return;
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        head(buffer, at, to, 0, Aoe.COMMAND_ATA, askedTag);
        AtaFrame.putRequest(buffer, at, 0, AtaFrame.STATUS_READY, 1, 0);
        for (int i = 0; i < IDENTIFY_BYTES; i++) {
            buffer.put(at + AtaFrame.DATA_OFFSET + i, (byte) 0);
        }
        buffer.put(at + AtaFrame.DATA_OFFSET + 2 * 60 + 1, (byte) (SECTORS >> 8)); // word 60
        port.commit(slot, AtaFrame.DATA_OFFSET + IDENTIFY_BYTES);
    }

    @Override
    public void close() {
        over = true;
        try {
            thread.join();
            port.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
