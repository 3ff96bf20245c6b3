// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.memory.MemoryLan;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** Takes requests down as bytes and answers what a test tells it to. */
final class ScriptedTarget {
    static final AoeAddress ADDRESS = new AoeAddress(1, 1);
    static final long MAC = 0x0200_0000_0014L;
    static final long CLIENT_MAC = 0x0200_0000_000aL;
    static final FoundTarget FOUND = new FoundTarget(ADDRESS, MAC, 8, 1, 2, "");

    final EthernetPort clientPort;
    final List<byte[]> requests = new ArrayList<>();
    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
    private final EthernetPort port;

    ScriptedTarget() {
        MemoryLan lan = new MemoryLan();
        port = lan.connect(PortOptions.forTarget("x", ADDRESS, 64, 64), MAC, 1500, new Counters());
        clientPort =
                lan.connect(
                        PortOptions.forInitiator("x", 64, 16), CLIENT_MAC, 1500, new Counters());
    }

    /** The next request that has come, or null. */
    ByteBuffer next() throws PortException {
        port.receive(
                (buffer, offset, lengthBytes) -> {
                    byte[] frame = new byte[lengthBytes];
                    buffer.get(offset, frame);
                    requests.add(frame);
                    unread.add(ByteBuffer.wrap(frame));
                },
                64);
        return unread.poll();
    }

    /** A response to a request with the right header, ATA status 0x40, and room for two sectors. */
    static ByteBuffer answer(ByteBuffer request) {
        ByteBuffer answer = ByteBuffer.allocate(AtaFrame.DATA_OFFSET + 1024);
        AoeFrame.putEthernet(answer, 0, AoeFrame.source(request, 0), MAC);
        AoeFrame.putAoe(
                answer,
                0,
                Aoe.FLAG_RESPONSE,
                ADDRESS.shelf(),
                ADDRESS.slot(),
                AoeFrame.command(request, 0),
                AoeFrame.tag(request, 0));
        if (AoeFrame.command(request, 0) == Aoe.COMMAND_ATA) {
            AtaFrame.copyRequest(request, 0, answer, 0);
            AtaFrame.putResult(answer, 0, 0, 0, AtaFrame.STATUS_READY);
        }
        return answer;
    }

    void send(ByteBuffer frame, int lengthBytes) throws PortException {
        int slot = port.claim();
        port.slots().put(port.slotOffset(slot), frame, 0, lengthBytes);
        port.commit(slot, lengthBytes);
        port.flush();
    }

    void send(ByteBuffer frame) throws PortException {
        send(frame, frame.capacity());
    }
}
