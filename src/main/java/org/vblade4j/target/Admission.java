// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * Which frames are heard at all, whoever sent them. The kernel's filter lets most of these pass
 * only for us, but it is a filter on a busy network, not a promise; everything is checked again
 * here. What is refused gets no answer, so that nothing can be made to shout at a third party.
 */
final class Admission {
    private final AoeAddress address;
    private final EthernetPort port;
    private final AddressWatch watch;

    Admission(AoeAddress address, EthernetPort port, AddressWatch watch) {
        this.address = address;
        this.port = port;
        this.watch = watch;
    }

    /** Under which count the frame is dropped, or null when it is to be answered. */
    Counter refusal(ByteBuffer frame, int offset, int lengthBytes) {
        if (lengthBytes < AoeFrame.HEADER_BYTES) {
            return Counter.RUNT_DROPS;
        }
        int major = AoeFrame.major(frame, offset);
        int minor = AoeFrame.minor(frame, offset);
        if (AoeFrame.etherType(frame, offset) != Aoe.ETHERTYPE || !address.accepts(major, minor)) {
            return Counter.FOREIGN_DROPS;
        }
        if (AoeFrame.isResponse(frame, offset)) {
            noteRival(AoeFrame.source(frame, offset), major, minor);
            return Counter.RESPONSE_DROPS;
        }
        Counter stations = stationsRefusal(frame, offset);
        if (stations != null) {
            return stations;
        }
        boolean wildcard = major != address.shelf() || minor != address.slot();
        if (AoeFrame.version(frame, offset) != Aoe.VERSION) {
            return wildcard ? Counter.WILDCARD_DROPS : null;
        }
        return commandRefusal(frame, offset, lengthBytes, wildcard);
    }

    /** Whoever answers under this very address is a second target. */
    private void noteRival(long source, int major, int minor) {
        if (major == address.shelf()
                && minor == address.slot()
                && source != port.mac()
                && Mac.isUnicast(source)) {
            watch.sighted(source);
        }
    }

    private Counter stationsRefusal(ByteBuffer frame, int offset) {
        long own = port.mac();
        long destination = AoeFrame.destination(frame, offset);
        if (destination != own && destination != Mac.BROADCAST) {
            return Counter.OTHER_HOST_DROPS;
        }
        long source = AoeFrame.source(frame, offset);
        if (source == own || !Mac.isUnicast(source)) {
            return Counter.SOURCE_DROPS;
        }
        return null;
    }

    private static Counter commandRefusal(
            ByteBuffer frame, int offset, int lengthBytes, boolean wildcard) {
        int command = AoeFrame.command(frame, offset);
        if (command >= Aoe.COMMAND_VENDOR_FIRST) {
            return Counter.VENDOR_DROPS;
        }
        if (lengthBytes < minimumBytes(command)) {
            return Counter.RUNT_DROPS;
        }
        return wildcard && !safeForAll(frame, offset, command) ? Counter.WILDCARD_DROPS : null;
    }

    private static int minimumBytes(int command) {
        return switch (command) {
            case Aoe.COMMAND_ATA -> AtaFrame.DATA_OFFSET;
            case Aoe.COMMAND_CONFIG -> ConfigFrame.STRING_OFFSET;
            case Aoe.COMMAND_MASK -> MaskFrame.DIRECTIVES_OFFSET;
            case Aoe.COMMAND_RESERVE -> ReserveFrame.MACS_OFFSET;
            default -> AoeFrame.HEADER_BYTES;
        };
    }

    /**
     * A wildcard reaches every export of the network: it may ask who is there, but change nothing,
     * and read no disk. No initiator asks for data so, but who forges addresses would have all
     * targets shout at once.
     */
    private static boolean safeForAll(ByteBuffer frame, int offset, int command) {
        return command == Aoe.COMMAND_CONFIG
                && ConfigFrame.operation(frame, offset) <= ConfigFrame.PREFIX;
    }
}
