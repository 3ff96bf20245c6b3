// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.ByteBuffer;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** An initiator that keeps an export of 64 sectors, e1.1, busy, and allocates little itself. */
final class SteadyLoad {
    static final long TARGET_MAC = 0x0200_0000_0014L;
    static final long CLIENT_MAC = 0x0200_0000_000aL;
    private static final int IN_FLIGHT = 32;

    private final EthernetPort client;

    SteadyLoad(EthernetPort client) {
        this.client = client;
    }

    /** Reads and writes by turns. */
    void exchange(int frames) throws PortException {
        for (int sent = 0; sent < frames; sent += IN_FLIGHT) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                send(sent + i);
            }
            client.flush();
            int answers = 0;
            while (answers < IN_FLIGHT) {
                int received = client.receive((buffer, offset, length) -> {}, IN_FLIGHT - answers);
                answers += received;
                if (received == 0) {
                    client.await(-1);
                }
            }
        }
    }

    private void send(int tag) {
        boolean write = tag % 2 == 0;
        int slot = client.claim();
        ByteBuffer slots = client.slots();
        int at = client.slotOffset(slot);
        AoeFrame.putEthernet(slots, at, TARGET_MAC, CLIENT_MAC);
        AoeFrame.putAoe(slots, at, 0, 1, 1, Aoe.COMMAND_ATA, tag);
        int command = write ? AtaFrame.WRITE_EXT : AtaFrame.READ_EXT;
        int flags = AtaFrame.FLAG_EXTENDED | (write ? AtaFrame.FLAG_WRITE : 0);
        AtaFrame.putRequest(slots, at, flags, command, 1, tag % 64);
        int length = AtaFrame.DATA_OFFSET + (write ? 512 : 0);
        client.commit(slot, AoeFrame.pad(slots, at, length));
    }
}
