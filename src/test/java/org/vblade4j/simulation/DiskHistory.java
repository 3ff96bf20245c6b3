// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.FrameText;
import org.vblade4j.wire.Mac;

/**
 * Listens where a target meets the network, and knows from that what its disk must hold. The last
 * sectors, which a resize may cut off, are only checked for being somebody's write or zeros.
 */
final class DiskHistory {
    /** A request between its arrival and its answer. */
    private static final class Asked {
        final int command;
        final int lba;
        final int sectors;
        final long arrived;
        List<SectorHistory.Write> writes = List.of();

        Asked(int command, int lba, int sectors, long arrived) {
            this.command = command;
            this.lba = lba;
            this.sectors = sectors;
            this.arrived = arrived;
        }
    }

    private final List<SectorHistory> sectors = new ArrayList<>();
    private final StateModel state = new StateModel();
    private final Map<String, ArrayDeque<Asked>> asked = new HashMap<>();
    private final Map<String, ArrayDeque<ByteBuffer>> other = new HashMap<>();

    private long moment;
    private long answers;

    /** For a disk of zeros. */
    DiskHistory(int checkedSectors) {
        for (int i = 0; i < checkedSectors; i++) {
            sectors.add(new SectorHistory());
        }
    }

    long now() {
        return ++moment;
    }

    long answers() {
        return answers;
    }

    /** The target is about to see this frame. */
    void arrived(ByteBuffer buffer, int offset, int lengthBytes) {
        moment++;
        String key = key(AoeFrame.source(buffer, offset), buffer, offset);
        if (AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA) {
            byte[] frame = new byte[lengthBytes];
            buffer.get(offset, frame);
            other.computeIfAbsent(key, any -> new ArrayDeque<>()).add(ByteBuffer.wrap(frame));
            return;
        }
        Asked request =
                new Asked(
                        AtaFrame.command(buffer, offset),
                        (int) (AtaFrame.lba48(buffer, offset) & 0xfff),
                        AtaFrame.sectorCount(buffer, offset),
                        moment);
        if (request.command == AtaFrame.WRITE_EXT) {
            request.writes = new ArrayList<>();
            for (int i = 0; i < request.sectors; i++) {
                long id = id(buffer, offset, i, request.lba + i);
                if (request.lba + i < sectors.size()) {
                    request.writes.add(sectors.get(request.lba + i).arrived(id, moment));
                }
            }
        }
        asked.computeIfAbsent(key, any -> new ArrayDeque<>()).add(request);
    }

    /** The frame that arrived last has no effect: no room for it, or it is being carried out. */
    void dropped(ByteBuffer buffer, int offset) {
        String key = key(AoeFrame.source(buffer, offset), buffer, offset);
        if (AoeFrame.command(buffer, offset) != Aoe.COMMAND_ATA) {
            other.get(key).removeLast();
            return;
        }
        Asked request = asked.get(key).removeLast();
        for (int i = 0; i < request.writes.size(); i++) {
            sectors.get(request.lba + i).dropLast();
        }
    }

    /** The target sends this frame. */
    void sent(ByteBuffer buffer, int offset, int lengthBytes) {
        moment++;
        long destination = AoeFrame.destination(buffer, offset);
        if (destination == Mac.BROADCAST && AoeFrame.tag(buffer, offset) == 0) {
            return; // an announcement
        }
        require(Mac.isUnicast(destination), buffer, offset, lengthBytes);
        answers++;
        String key = key(destination, buffer, offset);
        if (AoeFrame.command(buffer, offset) == Aoe.COMMAND_ATA) {
            require(asked.containsKey(key), buffer, offset, lengthBytes);
            Asked request = asked.get(key).poll();
            require(request != null, buffer, offset, lengthBytes);
            ata(request, buffer, offset, lengthBytes);
        } else {
            require(other.containsKey(key), buffer, offset, lengthBytes);
            ByteBuffer request = other.get(key).poll();
            require(request != null, buffer, offset, lengthBytes);
            String fault = state.fault(request, buffer, offset);
            require(fault == null, buffer, offset, lengthBytes);
        }
    }

    private void ata(Asked request, ByteBuffer buffer, int offset, int lengthBytes) {
        if (AoeFrame.isError(buffer, offset)) {
            int error = AoeFrame.error(buffer, offset);
            boolean reserved = error == AoeError.TARGET_RESERVED.code();
            long station = AoeFrame.destination(buffer, offset);
            require(reserved && !state.openTo(station), buffer, offset, lengthBytes);
        }
        boolean ok =
                !AoeFrame.isError(buffer, offset)
                        && (AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) == 0;
        for (SectorHistory.Write write : request.writes) {
            write.outcome = ok ? SectorHistory.Outcome.DONE : SectorHistory.Outcome.REFUSED;
            write.answered = moment;
        }
        if (ok && request.command == AtaFrame.READ_EXT) {
            for (int i = 0; i < request.sectors; i++) {
                long id = id(buffer, offset, i, request.lba + i);
                if (request.lba + i < sectors.size()) {
                    sectors.get(request.lba + i).read(id, request.arrived, moment, true);
                }
            }
        }
    }

    /** An initiator was given the sector by its library. */
    void readFromAfar(int lba, long id, long began) {
        require(id != StampedSectors.TORN, "sector " + lba + " is a mixture");
        if (lba < sectors.size()) {
            sectors.get(lba).read(id, began, moment, false);
        }
    }

    /** An initiator was told that the sector is written. */
    void writtenFromAfar(int lba, long id, long began) {
        if (lba < sectors.size()) {
            require(sectors.get(lba).done(id, began, moment), "sector " + lba + ": not written");
        }
    }

    /** The target is gone, and all that it had in progress and knew. */
    void killed() {
        moment++;
        asked.clear();
        other.clear();
        state.forget();
    }

    /** What the medium holds in the end, and then whether all was as it must be. */
    void verify(ByteBuffer medium) {
        for (int lba = 0; lba < sectors.size(); lba++) {
            long id = StampedSectors.id(medium, lba * StampedSectors.BYTES, lba);
            sectors.get(lba).read(id, moment + 1, moment + 2, true);
            String fault = sectors.get(lba).fault();
            require(fault == null, "sector " + lba + ": " + fault);
        }
    }

    private static long id(ByteBuffer buffer, int offset, int index, int lba) {
        int at = offset + AtaFrame.DATA_OFFSET + index * StampedSectors.BYTES;
        long id = StampedSectors.id(buffer, at, lba);
        require(id != StampedSectors.TORN, "sector " + lba + " is a mixture");
        return id;
    }

    private static String key(long station, ByteBuffer buffer, int offset) {
        return station + " " + AoeFrame.tag(buffer, offset);
    }

    private static void require(boolean holds, ByteBuffer buffer, int offset, int lengthBytes) {
        if (!holds) {
            throw new AssertionError("wrong: " + FrameText.of(buffer, offset, lengthBytes));
        }
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
