// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class FramePropertiesTest {
    private static final int OFFSET = 3;
    private final ByteBuffer buffer = ByteBuffer.allocate(4096);

    @Property
    void aoeHeaderRoundTrips(
            @ForAll @LongRange(max = Mac.BROADCAST) long destination,
            @ForAll @LongRange(max = Mac.BROADCAST) long source,
            @ForAll @IntRange(max = 0xffff) int major,
            @ForAll @IntRange(max = 0xff) int minor,
            @ForAll @IntRange(max = 0xff) int command,
            @ForAll int tag) {
        AoeFrame.putEthernet(buffer, OFFSET, destination, source);
        AoeFrame.putAoe(buffer, OFFSET, 0, major, minor, command, tag);
        assertEquals(destination, AoeFrame.destination(buffer, OFFSET));
        assertEquals(source, AoeFrame.source(buffer, OFFSET));
        assertEquals(Aoe.ETHERTYPE, AoeFrame.etherType(buffer, OFFSET));
        assertEquals(Aoe.VERSION, AoeFrame.version(buffer, OFFSET));
        assertEquals(major, AoeFrame.major(buffer, OFFSET));
        assertEquals(minor, AoeFrame.minor(buffer, OFFSET));
        assertEquals(command, AoeFrame.command(buffer, OFFSET));
        assertEquals(tag, AoeFrame.tag(buffer, OFFSET));
    }

    @Property
    void ataRequestRoundTrips(
            @ForAll @IntRange(max = 0xff) int flags,
            @ForAll @IntRange(max = 0xff) int command,
            @ForAll @IntRange(max = 0xff) int count,
            @ForAll @LongRange(max = (1L << 48) - 1) long lba) {
        AtaFrame.putRequest(buffer, OFFSET, flags, command, count, lba);
        assertEquals(flags, AtaFrame.flags(buffer, OFFSET));
        assertEquals(0, AtaFrame.feature(buffer, OFFSET));
        assertEquals(command, AtaFrame.command(buffer, OFFSET));
        assertEquals(count, AtaFrame.sectorCount(buffer, OFFSET));
        assertEquals(lba, AtaFrame.lba48(buffer, OFFSET));
    }

    @Property
    void ataResponseRepeatsItsRequestAndCarriesItsResult(
            @ForAll @IntRange(max = 0xff) int flags,
            @ForAll @IntRange(max = 0xff) int error,
            @ForAll @IntRange(max = 0xff) int count,
            @ForAll @IntRange(max = 0xff) int status,
            @ForAll @LongRange(max = (1L << 48) - 1) long lba) {
        AtaFrame.putRequest(buffer, OFFSET, flags, 0, 0, lba);
        ByteBuffer response = ByteBuffer.allocate(64);
        AtaFrame.copyRequest(buffer, OFFSET, response, 1);
        AtaFrame.putResult(response, 1, error, count, status);
        assertEquals(flags & AtaFrame.KNOWN_FLAGS, AtaFrame.flags(response, 1));
        assertEquals(lba, AtaFrame.lba48(response, 1));
        assertEquals(error, AtaFrame.error(response, 1));
        assertEquals(count, AtaFrame.sectorCount(response, 1));
        assertEquals(status, AtaFrame.status(response, 1));
    }

    @Property
    void configResponseRoundTrips(
            @ForAll @IntRange(max = 0xffff) int bufferCount,
            @ForAll @IntRange(max = 0xffff) int firmware,
            @ForAll @IntRange(max = 0xff) int sectors,
            @ForAll @IntRange(max = 0xf) int operation,
            @ForAll @IntRange(max = 0xffff) int stringBytes) {
        ConfigFrame.putResponse(buffer, OFFSET, bufferCount, firmware, sectors, operation);
        ConfigFrame.putStringBytes(buffer, OFFSET, stringBytes);
        assertEquals(bufferCount, ConfigFrame.bufferCount(buffer, OFFSET));
        assertEquals(firmware, ConfigFrame.firmware(buffer, OFFSET));
        assertEquals(sectors, ConfigFrame.sectorCount(buffer, OFFSET));
        assertEquals(Aoe.VERSION, ConfigFrame.version(buffer, OFFSET));
        assertEquals(operation, ConfigFrame.operation(buffer, OFFSET));
        assertEquals(stringBytes, ConfigFrame.stringBytes(buffer, OFFSET));
    }

    @Property
    void maskListRoundTrips(
            @ForAll @IntRange(max = 0xff) int operation,
            @ForAll @IntRange(max = 0xff) int error,
            @ForAll @Size(max = 255) long[] macs) {
        MaskFrame.put(buffer, OFFSET, operation, error, macs.length);
        for (int i = 0; i < macs.length; i++) {
            MaskFrame.putDirective(buffer, OFFSET, i, i & 0xff, macs[i] & Mac.BROADCAST);
        }
        assertEquals(operation, MaskFrame.operation(buffer, OFFSET));
        assertEquals(error, MaskFrame.error(buffer, OFFSET));
        assertEquals(macs.length, MaskFrame.count(buffer, OFFSET));
        for (int i = 0; i < macs.length; i++) {
            assertEquals(i & 0xff, MaskFrame.directive(buffer, OFFSET, i));
            assertEquals(macs[i] & Mac.BROADCAST, MaskFrame.mac(buffer, OFFSET, i));
        }
    }

    @Property
    void reserveListRoundTrips(
            @ForAll @IntRange(max = 0xff) int operation, @ForAll @Size(max = 255) long[] macs) {
        ReserveFrame.put(buffer, OFFSET, operation, macs.length);
        for (int i = 0; i < macs.length; i++) {
            ReserveFrame.putMac(buffer, OFFSET, i, macs[i] & Mac.BROADCAST);
        }
        assertEquals(operation, ReserveFrame.operation(buffer, OFFSET));
        assertEquals(macs.length, ReserveFrame.count(buffer, OFFSET));
        for (int i = 0; i < macs.length; i++) {
            assertEquals(macs[i] & Mac.BROADCAST, ReserveFrame.mac(buffer, OFFSET, i));
        }
    }

    @Property
    void paddingZeroesExactlyWhatIsMissing(
            @ForAll @IntRange(min = AoeFrame.HEADER_BYTES, max = 200) int length) {
        ByteBuffer frame = ByteBuffer.allocate(256);
        for (int i = 0; i < frame.capacity(); i++) {
            frame.put(i, (byte) 0xaa);
        }
        int padded = AoeFrame.pad(frame, 0, length);
        assertEquals(Math.max(60, length), padded);
        for (int i = 0; i < frame.capacity(); i++) {
            assertEquals(i < length || i >= padded ? (byte) 0xaa : 0, frame.get(i));
        }
    }

    @Property(tries = 5000)
    void frameTextReadsAnyBytesAndPrintsAsciiOnly(
            @ForAll @Size(max = 400) byte[] bytes,
            @ForAll boolean asAoe,
            @ForAll @IntRange(max = 8) int command,
            @ForAll @IntRange(min = -1, max = 500) int claimedLength) {
        if (asAoe && bytes.length >= AoeFrame.HEADER_BYTES) {
            bytes[12] = (byte) 0x88;
            bytes[13] = (byte) 0xa2;
            bytes[AoeFrame.COMMAND_OFFSET] = (byte) command;
        }
        String line = FrameText.of(ByteBuffer.wrap(bytes), 0, claimedLength);
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c < 0x7f), line);
    }
}
