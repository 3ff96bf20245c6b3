// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.export;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/** Asks targets on a port of its own and waits for what they say. */
public final class LanClient {
    private static final long PATIENCE_NS = 5_000_000_000L;

    private final EthernetPort port;
    private final List<byte[]> received = new ArrayList<>();
    private int nextTag = 1;

    public LanClient(EthernetPort port) {
        this.port = port;
    }

    /** The answer to a config query; null when none comes within the time. */
    public byte[] query(AoeAddress address, long patienceNs) throws PortException {
        int slot = begin(address, Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(port.slots(), port.slotOffset(slot), ConfigFrame.READ, 0);
        return exchange(slot, AoeFrame.pad(port.slots(), port.slotOffset(slot), 32), patienceNs);
    }

    public byte[] query(AoeAddress address) throws PortException {
        return query(address, PATIENCE_NS);
    }

    byte[] read(AoeAddress address, long lba, int sectors) throws PortException {
        return read(address, lba, sectors, PATIENCE_NS);
    }

    /** The answer's data; null when there is no answer. */
    public byte[] read(AoeAddress address, long lba, int sectors, long patienceNs)
            throws PortException {
        byte[] answer = readFrame(address, lba, sectors, patienceNs);
        return answer == null
                ? null
                : Arrays.copyOfRange(answer, AtaFrame.DATA_OFFSET, answer.length);
    }

    /** The whole answer; null when there is none. */
    byte[] readFrame(AoeAddress address, long lba, int sectors, long patienceNs)
            throws PortException {
        int slot = begin(address, Aoe.COMMAND_ATA);
        int at = port.slotOffset(slot);
        AtaFrame.putRequest(
                port.slots(), at, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, sectors, lba);
        int length = AoeFrame.pad(port.slots(), at, AtaFrame.DATA_OFFSET);
        return exchange(slot, length, patienceNs);
    }

    /** Asks for sectors and waits for nothing. */
    void send(AoeAddress address, long lba, int sectors) throws PortException {
        int slot = begin(address, Aoe.COMMAND_ATA);
        int at = port.slotOffset(slot);
        AtaFrame.putRequest(
                port.slots(), at, AtaFrame.FLAG_EXTENDED, AtaFrame.READ_EXT, sectors, lba);
        port.commit(slot, AoeFrame.pad(port.slots(), at, AtaFrame.DATA_OFFSET));
        port.flush();
    }

    /** The answer's ATA status. */
    int write(AoeAddress address, long lba, byte[] data) throws PortException {
        return writeFrame(address, lba, data, PATIENCE_NS)[AtaFrame.COMMAND_STATUS_OFFSET] & 0xff;
    }

    /** The whole answer; null when there is none. */
    byte[] writeFrame(AoeAddress address, long lba, byte[] data, long patienceNs)
            throws PortException {
        int slot = begin(address, Aoe.COMMAND_ATA);
        int at = port.slotOffset(slot);
        int flags = AtaFrame.FLAG_EXTENDED | AtaFrame.FLAG_WRITE;
        AtaFrame.putRequest(port.slots(), at, flags, AtaFrame.WRITE_EXT, data.length / 512, lba);
        port.slots().put(at + AtaFrame.DATA_OFFSET, data);
        return exchange(slot, AtaFrame.DATA_OFFSET + data.length, patienceNs);
    }

    /** Sets the config string; the answer's AoE error, -1 when there is no answer. */
    public int setConfig(AoeAddress address, String string) throws PortException {
        int slot = begin(address, Aoe.COMMAND_CONFIG);
        int at = port.slotOffset(slot);
        byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
        ConfigFrame.putRequest(port.slots(), at, ConfigFrame.FORCE_SET, bytes.length);
        port.slots().put(at + ConfigFrame.STRING_OFFSET, bytes);
        return error(exchange(slot, ConfigFrame.STRING_OFFSET + bytes.length, PATIENCE_NS));
    }

    /** Reserves for the stations; the answer's AoE error, -1 when there is no answer. */
    public int reserve(AoeAddress address, long... macs) throws PortException {
        int slot = begin(address, Aoe.COMMAND_RESERVE);
        int at = port.slotOffset(slot);
        ReserveFrame.put(port.slots(), at, ReserveFrame.FORCE_SET, macs.length);
        for (int i = 0; i < macs.length; i++) {
            ReserveFrame.putMac(port.slots(), at, i, macs[i]);
        }
        return error(exchange(slot, ReserveFrame.frameBytes(macs.length), PATIENCE_NS));
    }

    /** Adds a station to the mask list; the answer's AoE error, -1 when there is no answer. */
    public int addToMask(AoeAddress address, long mac) throws PortException {
        int slot = begin(address, Aoe.COMMAND_MASK);
        int at = port.slotOffset(slot);
        MaskFrame.put(port.slots(), at, MaskFrame.EDIT, 0, 1);
        MaskFrame.putDirective(port.slots(), at, 0, MaskFrame.DIRECTIVE_ADD, mac);
        return error(exchange(slot, MaskFrame.frameBytes(1), PATIENCE_NS));
    }

    private static int error(byte[] answer) {
        return answer == null ? -1 : AoeFrame.error(ByteBuffer.wrap(answer), 0);
    }

    /** The config string; null when there is no answer. */
    public String config(AoeAddress address) throws PortException {
        byte[] answer = query(address);
        if (answer == null) {
            return null;
        }
        int bytes = ConfigFrame.stringBytes(ByteBuffer.wrap(answer), 0);
        return new String(answer, ConfigFrame.STRING_OFFSET, bytes, StandardCharsets.ISO_8859_1);
    }

    /** The next frame that comes unasked; null when none comes. */
    public byte[] announcement(long patienceNs) throws PortException {
        return await(0, patienceNs);
    }

    private int begin(AoeAddress address, int command) {
        int slot = port.claim();
        int at = port.slotOffset(slot);
        AoeFrame.putEthernet(port.slots(), at, Mac.BROADCAST, port.mac());
        AoeFrame.putAoe(port.slots(), at, 0, address.shelf(), address.slot(), command, nextTag++);
        return slot;
    }

    private byte[] exchange(int slot, int lengthBytes, long patienceNs) throws PortException {
        int tag = nextTag - 1;
        port.commit(slot, lengthBytes);
        port.flush();
        return await(tag, patienceNs);
    }

    private byte[] await(int tag, long patienceNs) throws PortException {
        long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < patienceNs) {
            port.receive(
                    (buffer, offset, length) -> {
                        byte[] frame = new byte[length];
                        buffer.get(offset, frame);
                        if (length >= AoeFrame.HEADER_BYTES) {
                            received.add(frame);
                        }
                    },
                    64);
            for (byte[] frame : received) {
                if (AoeFrame.tag(ByteBuffer.wrap(frame), 0) == tag) {
                    received.clear();
                    return frame;
                }
            }
            received.clear();
            port.await(Math.max(1, patienceNs - (System.nanoTime() - startNs)));
        }
        return null;
    }
}
