// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** The frames of an {@link Exchange}. */
final class Frames {
    private Frames() {}

    /**
     * Queues a command in flight's request, its data gathered from where they lie if the port can.
     */
    static void commit(InFlightCommand inFlight, EthernetPort port, int slot) {
        ByteBuffer buffer = port.slots();
        int offset = port.slotOffset(slot);
        FoundTarget target = inFlight.path.target;
        AoeAddress address = target.address();
        AoeFrame.putEthernet(buffer, offset, target.mac(), inFlight.path.port.mac());
        AoeFrame.putAoe(
                buffer, offset, 0, address.shelf(), address.slot(), Aoe.COMMAND_ATA, inFlight.tag);
        boolean write = isWrite(inFlight.command);
        boolean extended =
                inFlight.command == AtaFrame.WRITE_EXT || inFlight.command == AtaFrame.READ_EXT;
        int flags = (write ? AtaFrame.FLAG_WRITE : 0) | (extended ? AtaFrame.FLAG_EXTENDED : 0);
        long device = extended ? 0 : (long) AtaFrame.LBA28_DEVICE << 24;
        AtaFrame.putRequest(
                buffer, offset, flags, inFlight.command, inFlight.sectors, inFlight.lba | device);
        int dataBytes = inFlight.sectors * Aoe.SECTOR_BYTES;
        int at = offset + AtaFrame.DATA_OFFSET;
        if (write) {
            ByteBuffer data = inFlight.transfer.request.buffer();
            if (port.gathers() && data.isDirect()) {
                port.commitGathered(
                        slot, AtaFrame.DATA_OFFSET, data, inFlight.dataOffset, dataBytes);
                return;
            }
            buffer.put(at, data, inFlight.dataOffset, dataBytes);
        } else if (inFlight.transfer == null && inFlight.command != AtaFrame.IDENTIFY) {
            clear(buffer, at, dataBytes);
        } else {
            dataBytes = 0;
        }
        port.commit(slot, AoeFrame.pad(buffer, offset, AtaFrame.DATA_OFFSET + dataBytes));
    }

    /** A probe carries as much as it asks for, as Linux's does: both directions are tried. */
    private static void clear(ByteBuffer buffer, int at, int bytes) {
        for (int i = 0; i < bytes; i += Long.BYTES) {
            buffer.putLong(at + i, 0);
        }
    }

    static boolean isWrite(int command) {
        return command == AtaFrame.WRITE || command == AtaFrame.WRITE_EXT;
    }

    /** Whether a frame of the target's station is a response of its address. */
    static boolean fromTarget(FoundTarget target, ByteBuffer buffer, int offset, int lengthBytes) {
        return lengthBytes >= AtaFrame.DATA_OFFSET
                && AoeFrame.etherType(buffer, offset) == Aoe.ETHERTYPE
                && AoeFrame.version(buffer, offset) == Aoe.VERSION
                && AoeFrame.isResponse(buffer, offset)
                && AoeFrame.major(buffer, offset) == target.address().shelf()
                && AoeFrame.minor(buffer, offset) == target.address().slot();
    }
}
