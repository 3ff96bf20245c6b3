// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vblade4j.net.EthernetPort;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Asks many stations at once for IDENTIFY, each up to four times. Those that do not answer cost the
 * others nothing, and the whole no more than the time given. One thread, which owns the ports.
 */
final class SizeSurvey {
    /** No more than this is asked before answers are taken: a receive ring has room for them. */
    private static final int BURST = 128;

    private static final int BATCH = 64;
    private static final int ROUNDS = 4;
    private static final long DEVICE = 0xa000_0000L;

    /** Waits for a frame on any of the ports. */
    interface Waiting {
        void await(long timeoutNs) throws PortException;
    }

    private final List<DiskPath> paths;
    private final LongSupplier clockNs;
    private final Waiting waiting;
    private final Set<EthernetPort> ports = new LinkedHashSet<>();
    private final long[] sectors;
    private final int firstTag;
    private int answers;

    SizeSurvey(List<DiskPath> paths, LongSupplier clockNs, Waiting waiting) {
        this.paths = paths;
        this.clockNs = clockNs;
        this.waiting = waiting;
        paths.forEach(path -> ports.add(path.port()));
        sectors = new long[paths.size()];
        Arrays.fill(sectors, -1);
        firstTag = (int) (clockNs.getAsLong() >>> 10) & Integer.MAX_VALUE;
    }

    /** The size at the end of each path, or -1 where nobody says one in time. */
    long[] run(long timeoutNs) throws PortException {
        long startNs = clockNs.getAsLong();
        for (int round = 1; round <= ROUNDS && answers < sectors.length; round++) {
            long roundEndNs = timeoutNs / ROUNDS * round;
            for (int at = 0; at < sectors.length && passedNs(startNs) < timeoutNs; at += BURST) {
                burst(at);
                take();
            }
            while (answers < sectors.length && passedNs(startNs) < roundEndNs) {
                waiting.await(
                        Math.min(roundEndNs - passedNs(startNs), TimeUnit.SECONDS.toNanos(1)));
                take();
            }
        }
        return sectors.clone();
    }

    private long passedNs(long startNs) {
        return clockNs.getAsLong() - startNs;
    }

    private void burst(int first) throws PortException {
        for (int i = first; i < Math.min(sectors.length, first + BURST); i++) {
            if (sectors[i] < 0) {
                send(i);
            }
        }
        for (EthernetPort port : ports) {
            port.flush();
        }
    }

    private void send(int index) {
        EthernetPort port = paths.get(index).port();
        int slot = port.claim();
        if (slot < 0) {
            return; // asked in the next round
        }
        FoundTarget target = paths.get(index).target();
        AoeAddress address = target.address();
        ByteBuffer buffer = port.slots();
        int offset = port.slotOffset(slot);
        AoeFrame.putEthernet(buffer, offset, target.mac(), port.mac());
        AoeFrame.putAoe(
                buffer, offset, 0, address.shelf(), address.slot(), Aoe.COMMAND_ATA, tag(index));
        AtaFrame.putRequest(buffer, offset, 0, AtaFrame.IDENTIFY, 1, DEVICE);
        port.commit(slot, AoeFrame.pad(buffer, offset, AtaFrame.DATA_OFFSET));
    }

    private int tag(int index) {
        return Aoe.TAG_USER_SPACE | (firstTag + index);
    }

    /** No more than the ports keep: in a flood it would never end. */
    private void take() throws PortException {
        for (EthernetPort port : ports) {
            int batches = 0;
            while (batches++ < Initiator.RECEIVE_FRAMES / BATCH
                    && port.receive(this::onFrame, BATCH) > 0) {
                // each frame is looked at as it comes
            }
        }
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (lengthBytes < AtaFrame.DATA_OFFSET + RemoteIdentity.BYTES
                || AoeFrame.etherType(buffer, offset) != Aoe.ETHERTYPE
                || AoeFrame.version(buffer, offset) != Aoe.VERSION
                || AoeFrame.flags(buffer, offset) != Aoe.FLAG_RESPONSE
                || AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA) {
            return;
        }
        int index = (AoeFrame.tag(buffer, offset) - firstTag) & Integer.MAX_VALUE;
        if (index >= sectors.length || sectors[index] >= 0) {
            return;
        }
        FoundTarget target = paths.get(index).target();
        if (AoeFrame.source(buffer, offset) == target.mac()
                && AoeFrame.major(buffer, offset) == target.address().shelf()
                && AoeFrame.minor(buffer, offset) == target.address().slot()
                && (AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) == 0) {
            sectors[index] = RemoteIdentity.read(buffer, offset + AtaFrame.DATA_OFFSET).sectors();
            answers++;
        }
    }
}
