// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.nio.ByteBuffer;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** Requests to frames, and frames to answers of requests. */
final class Wire {
    private static final int BATCH = 256;

    private final EthernetPort port;
    private final FoundTarget target;
    private final Host[] hosts;
    private final Answers answers;
    private long frames;

    /** Who is told of answers. */
    interface Answers {
        /**
         * A target's answer to an ATA command.
         *
         * @param offset where the frame starts
         */
        void answered(Host host, int tag, ByteBuffer buffer, int offset, int lengthBytes);
    }

    Wire(EthernetPort port, FoundTarget target, Host[] hosts, Answers answers) {
        this.port = port;
        this.target = target;
        this.hosts = hosts;
        this.answers = answers;
    }

    long frames() {
        return frames;
    }

    /** Queues a request; {@link #flush} sends it. Frames leave in the order of these calls. */
    void send(Request request) throws PortException {
        int slot = port.claim();
        if (slot < 0) {
            port.flush();
            slot = port.claim();
        }
        ByteBuffer buffer = port.slots();
        int at = port.slotOffset(slot);
        Operation operation = request.operation;
        AoeFrame.putEthernet(buffer, at, target.mac(), request.host.mac);
        AoeFrame.putAoe(
                buffer,
                at,
                0,
                target.address().shelf(),
                target.address().slot(),
                Aoe.COMMAND_ATA,
                request.tag);
        int flags = AtaFrame.FLAG_EXTENDED | (operation.write ? AtaFrame.FLAG_WRITE : 0);
        int command = operation.write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT;
        AtaFrame.putRequest(buffer, at, flags, command, operation.sectors, operation.lba);
        int length = AtaFrame.DATA_OFFSET;
        if (operation.write) {
            StampedSectors.stamp(
                    buffer, at + length, operation.lba, operation.sectors, operation.id);
            length += operation.sectors * Aoe.SECTOR_BYTES;
        }
        port.commit(slot, AoeFrame.pad(buffer, at, length));
        frames++;
    }

    void flush() throws PortException {
        port.flush();
    }

    /** Takes what has come; returns how many frames. */
    int receive() throws PortException {
        return port.receive(this::onFrame, BATCH);
    }

    void await(long timeoutNs) throws PortException {
        port.await(timeoutNs);
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (lengthBytes < AtaFrame.DATA_OFFSET
                || AoeFrame.version(buffer, offset) != Aoe.VERSION
                || AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA
                || AoeFrame.major(buffer, offset) != target.address().shelf()
                || AoeFrame.minor(buffer, offset) != target.address().slot()
                || AoeFrame.source(buffer, offset) != target.mac()) {
            return;
        }
        long destination = AoeFrame.destination(buffer, offset);
        for (Host host : hosts) {
            if (host.mac == destination) {
                answers.answered(host, AoeFrame.tag(buffer, offset), buffer, offset, lengthBytes);
            }
        }
    }
}
