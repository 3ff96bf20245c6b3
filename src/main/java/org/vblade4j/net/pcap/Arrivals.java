// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.pcap;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.net.AcceptRule;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.PortOptions;
import org.vblade4j.net.ReturnedFrames;
import org.vblade4j.net.link.Link;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

/**
 * Received frames, copied into memory outside the heap where they stay until their batch ends, and
 * looked at once more: libpcap also hands over what was for other stations, and tagged frames.
 */
final class Arrivals {
    private static final int BATCH = 64;

    /** The most frames that are looked at for one batch: others want their turn as well. */
    private static final int MAX_LOOKED_AT = 4 * BATCH;

    private static final int ETHERTYPE_VLAN = 0x8100;
    private static final int ETHERTYPE_SERVICE_VLAN = 0x88a8;

    private final PortOptions options;
    private final AcceptRule rule;
    private final Link link;
    private final int frameBytes;
    private final Counters counters;
    private final ByteBuffer cells;
    private byte[] kept;

    Arrivals(PortOptions options, Link link, int frameBytes, Counters counters) {
        this.options = options;
        this.rule = new AcceptRule(options);
        this.link = link;
        this.frameBytes = frameBytes;
        this.counters = counters;
        cells = ByteBuffer.allocateDirect(BATCH * frameBytes);
    }

    /** True when a frame was {@link #keep kept}. */
    boolean waiting() {
        return kept != null;
    }

    /** Takes a frame for the next batch; false for null. */
    boolean keep(byte[] frame) {
        kept = frame;
        return frame != null;
    }

    /**
     * As {@link org.vblade4j.net.EthernetPort#receive}.
     *
     * @param source the next frame, or null when there is none now
     */
    int lend(FrameHandler handler, int limit, Supplier<byte[]> source) {
        int most = Math.min(limit, BATCH);
        int lent = 0;
        for (int looked = 0; lent < most && looked < MAX_LOOKED_AT; looked++) {
            byte[] frame = kept != null ? kept : source.get();
            kept = null;
            if (frame == null) {
                break;
            }
            if (take(frame, lent * frameBytes)) {
                handler.onFrame(cells, lent * frameBytes, frame.length);
                lent++;
            }
        }
        if (lent > 0) {
            handler.batchEnd();
            assert ReturnedFrames.overwrite(cells, 0, lent * frameBytes);
        }
        counters.add(Counter.FRAMES_RECEIVED, lent);
        return lent;
    }

    private boolean take(byte[] frame, int at) {
        if (frame.length > frameBytes) {
            counters.increment(Counter.TRUNCATED_DROPS);
            return false;
        }
        if (frame.length < Aoe.ETHERNET_HEADER_BYTES) {
            counters.increment(Counter.RUNT_DROPS);
            return false;
        }
        cells.put(at, frame);
        int type = AoeFrame.etherType(cells, at);
        if (type == ETHERTYPE_VLAN || type == ETHERTYPE_SERVICE_VLAN) {
            counters.increment(Counter.VLAN_DROPS);
            return false;
        }
        if (!rule.accepts(cells, at, frame.length)) {
            return false; // not for this port: the kernel's filter here is coarser than the rule
        }
        long destination = AoeFrame.destination(cells, at);
        if (destination != link.mac()
                && destination != Mac.BROADCAST
                && !options.isStation(destination)) {
            counters.increment(Counter.OTHER_HOST_DROPS);
            return false;
        }
        return true;
    }
}
