// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Timestamp;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapDumper;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.core.Pcaps;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.vblade4j.net.PortException;
import org.vblade4j.net.link.Link;

/**
 * AoE frames as they pass on an interface, whoever they are for, or as a capture file holds them;
 * and copies of them in another file. One thread.
 */
public final class Capture implements AutoCloseable {
    private static final String FILTER = "ether proto 0x88a2 or (vlan and ether proto 0x88a2)";
    private static final int WHOLE_FRAME_BYTES = 65_535;
    private static final int PAUSE_MS = 5;
    private static final int BUFFER_BYTES = 16 << 20;

    private final String name;
    private final PcapHandle handle;
    private final boolean live;
    private PcapDumper copy;

    /** Takes captured frames. */
    @FunctionalInterface
    public interface Sink {
        /**
         * One frame, which is the sink's to keep.
         *
         * @param frame big-endian, from 0 to its limit, of which a file may hold only the first
         * @param lengthBytes what it had on the wire
         * @param timeUs when it passed, in microseconds since 1970
         */
        void onFrame(ByteBuffer frame, int lengthBytes, long timeUs);
    }

    private Capture(String name, PcapHandle handle, boolean live) {
        this.name = name;
        this.handle = handle;
        this.live = live;
    }

    /**
     * Listens to an interface, promiscuously, in both directions.
     *
     * @throws PortException no such interface, no right to, or no libpcap
     */
    public static Capture live(String interfaceName) throws PortException {
        Link.open(interfaceName).close(); // for its message: libpcap's does not say what is wrong
        PcapHandle handle =
                PcapLibrary.call(
                        interfaceName,
                        () ->
                                new PcapHandle.Builder(interfaceName)
                                        .snaplen(WHOLE_FRAME_BYTES)
                                        .promiscuousMode(PromiscuousMode.PROMISCUOUS)
                                        .timeoutMillis(PAUSE_MS)
                                        .bufferSize(BUFFER_BYTES)
                                        .build());
        return filtered(interfaceName, handle, true);
    }

    /**
     * Reads a capture file, pcap or pcapng, of Ethernet frames.
     *
     * @throws PortException it cannot be read, or is none
     */
    public static Capture file(Path file) throws PortException {
        String name = file.toString();
        if (!Files.isReadable(file)) { // libpcap's own message would name the file twice
            throw new PortException(
                    name + (Files.exists(file) ? ": cannot be read" : ": no such file"));
        }
        PcapHandle handle =
                PcapLibrary.call(name, () -> Pcaps.openOffline(name, TimestampPrecision.MICRO));
        if (!handle.getDlt().equals(DataLinkType.EN10MB)) {
            String type = handle.getDlt().name();
            handle.close();
            throw new PortException(name + ": frames of type " + type + ", expected Ethernet");
        }
        return filtered(name, handle, false);
    }

    private static Capture filtered(String name, PcapHandle handle, boolean live)
            throws PortException {
        try {
            PcapLibrary.call(
                    name,
                    () -> {
                        handle.setFilter(FILTER, BpfCompileMode.OPTIMIZE);
                        if (live) { // a call that blocks lasts until a frame comes, if ever
                            handle.setBlockingMode(BlockingMode.NONBLOCKING);
                        }
                        return null;
                    });
            return new Capture(name, handle, live);
        } catch (PortException | RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    /**
     * Has all frames that {@link #next} hands out written to a pcap file too, which is made anew.
     *
     * @throws PortException the file cannot be written
     */
    public void copyTo(Path file) throws PortException {
        copy = PcapLibrary.call(file.toString(), () -> handle.dumpOpen(file.toString()));
    }

    /**
     * Hands out the next frame.
     *
     * @return false at the end of a file, and on an interface when none is there, after a pause of
     *     {@value #PAUSE_MS} ms
     */
    public boolean next(Sink sink) throws PortException {
        byte[] bytes = PcapLibrary.call(name, this::read);
        if (bytes == null) {
            if (live) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
            }
            return false;
        }
        sink.onFrame(
                ByteBuffer.wrap(bytes), handle.getOriginalLength(), micros(handle.getTimestamp()));
        return true;
    }

    private byte[] read() throws NotOpenException {
        byte[] bytes = handle.getNextRawPacket();
        if (bytes != null && copy != null) {
            copy.dumpRaw(bytes, handle.getTimestamp());
        }
        return bytes;
    }

    /** Frames that passed but found no room; 0 for a file. */
    public long drops() {
        try {
            return handle.getStats().getNumPacketsDropped() & 0xffff_ffffL;
        } catch (PcapNativeException | NotOpenException e) {
            return 0; // libpcap has no statistics of files
        }
    }

    private static long micros(Timestamp time) {
        return TimeUnit.MILLISECONDS.toMicros(time.getTime() / 1000 * 1000)
                + time.getNanos() / 1000;
    }

    /** Completes the copy. */
    @Override
    public void close() throws PortException {
        try {
            if (copy != null) {
                PcapLibrary.call(
                        name,
                        () -> {
                            copy.flush();
                            return null;
                        });
                copy.close();
            }
        } finally {
            handle.close();
        }
    }
}
