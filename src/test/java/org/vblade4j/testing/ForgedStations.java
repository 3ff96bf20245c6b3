// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.vblade4j.peers.RawSocket;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;

/** A hostile station that sends under as many addresses as it likes, and reads no answer. */
public final class ForgedStations implements AutoCloseable {
    private static final long FIRST_MAC = 0x0600_0000_0000L;
    private static final int RECEIVE_BYTES = 16 << 20;

    private final RawSocket socket;
    private final long target;
    private final AoeAddress address;
    private final Random random;
    private final byte[] frame = new byte[32 + ConfigFrame.MAX_STRING_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(frame);
    private int tag;

    /**
     * @param interfaceName where it sends
     * @param target the hardware address of who is attacked
     * @param seed of what is random in its frames
     */
    public ForgedStations(String interfaceName, long target, AoeAddress address, long seed)
            throws IOException {
        this.socket = new RawSocket(interfaceName);
        socket.growReceiveBuffer(RECEIVE_BYTES);
        this.target = target;
        this.address = address;
        this.random = new Random(seed);
    }

    /** The address of one of its stations. */
    public static long mac(int station) {
        return FIRST_MAC + station;
    }

    private void begin(int station, long destination, int command) {
        AoeFrame.putEthernet(buffer, 0, destination, mac(station));
        AoeFrame.putAoe(buffer, 0, 0, address.shelf(), address.slot(), command, ++tag);
    }

    private void send(int lengthBytes) throws IOException {
        socket.send(Arrays.copyOf(frame, Math.max(Aoe.MIN_FRAME_BYTES, lengthBytes)));
    }

    /** Sets the config string to a random one, by force. */
    public void setConfig(int station, int stringBytes) throws IOException {
        begin(station, target, Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(buffer, 0, ConfigFrame.FORCE_SET, stringBytes);
        for (int i = 0; i < stringBytes; i++) {
            buffer.put(ConfigFrame.STRING_OFFSET + i, (byte) random.nextInt());
        }
        send(ConfigFrame.STRING_OFFSET + stringBytes);
    }

    /** Says that it is the target. */
    public void answerAsTarget(int station) throws IOException {
        begin(station, Mac.BROADCAST, Aoe.COMMAND_CONFIG);
        buffer.put(Aoe.ETHERNET_HEADER_BYTES, (byte) 0x18);
        ConfigFrame.putResponse(buffer, 0, 16, 1, 2, ConfigFrame.READ);
        ConfigFrame.putStringBytes(buffer, 0, 0);
        send(Aoe.MIN_FRAME_BYTES);
    }

    /** Says that it is whatever target the next question on the wire is for, if one comes. */
    public void answerAnybody(long timeoutNs) throws IOException {
        byte[] question = socket.receive(timeoutNs);
        if (question == null || question.length < Aoe.MIN_FRAME_BYTES) {
            return;
        }
        ByteBuffer asked = ByteBuffer.wrap(question);
        if (!AoeFrame.isResponse(asked, 0) && AoeFrame.command(asked, 0) == Aoe.COMMAND_CONFIG) {
            begin(0, AoeFrame.source(asked, 0), Aoe.COMMAND_CONFIG);
            AoeFrame.putAoe(
                    buffer,
                    0,
                    Aoe.FLAG_RESPONSE,
                    AoeFrame.major(asked, 0),
                    AoeFrame.minor(asked, 0),
                    Aoe.COMMAND_CONFIG,
                    AoeFrame.tag(asked, 0));
            ConfigFrame.putResponse(buffer, 0, 16, 1, 2, ConfigFrame.READ);
            ConfigFrame.putStringBytes(buffer, 0, 0);
            send(Aoe.MIN_FRAME_BYTES);
        }
    }

    /** Asks whoever hears it what there is. */
    public void discover(int station) throws IOException {
        begin(station, Mac.BROADCAST, Aoe.COMMAND_CONFIG);
        ConfigFrame.putRequest(buffer, 0, ConfigFrame.READ, 0);
        AoeFrame.putAoe(buffer, 0, 0, 0xffff, 0xff, Aoe.COMMAND_CONFIG, tag);
        send(Aoe.MIN_FRAME_BYTES);
    }

    /** Has the target flush its disk. */
    public void flush(int station) throws IOException {
        begin(station, target, Aoe.COMMAND_ATA);
        AtaFrame.putRequest(buffer, 0, AtaFrame.FLAG_EXTENDED, AtaFrame.FLUSH_EXT, 0, 0);
        send(Aoe.MIN_FRAME_BYTES);
    }

    /** The next answer on its wire, or null when none comes within the time. */
    public byte[] receive(long timeoutNs) throws IOException {
        return socket.receive(timeoutNs);
    }

    @Override
    public void close() {
        socket.close();
    }
}
