// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.simulation;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.vblade4j.torture.StampedSectors;
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

        void doubt() {
            for (SectorHistory.Write write : writes) {
                write.outcome = SectorHistory.Outcome.FAILED;
                write.doubtful = true;
            }
        }
    }

    private final List<SectorHistory> sectors = new ArrayList<>();
    private final StateModel state = new StateModel();
    private final Map<String, ArrayDeque<Asked>> asked = new HashMap<>();
    private final Map<String, ArrayDeque<ByteBuffer>> other = new HashMap<>();

    private final boolean readOnly;
    private final boolean durable;
    private final ArrayDeque<Size> sizes = new ArrayDeque<>();
    private long moment;
    private long answers;
    private long flushedMoment;
    private boolean lossy;

    private record Size(long since, long sectors) {}

    /**
     * For a disk of zeros.
     *
     * @param durable a write that is answered is on the medium
     */
    DiskHistory(int checkedSectors, long diskSectors, boolean readOnly, boolean durable) {
        this.readOnly = readOnly;
        this.durable = durable;
        sizes.add(new Size(0, diskSectors));
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

    /** The disk has another size from now on; 0 while it is away. */
    void resized(long diskSectors) {
        sizes.add(new Size(++moment, diskSectors));
    }

    /** The disk has lost what it was given, and has said so, or will. */
    void lossy(boolean is) {
        lossy |= is;
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
            ata(asked.get(key), buffer, offset, lengthBytes);
        } else {
            require(other.containsKey(key), buffer, offset, lengthBytes);
            ByteBuffer request = other.get(key).poll();
            require(request != null, buffer, offset, lengthBytes);
            String fault = state.fault(request, buffer, offset);
            require(fault == null, buffer, offset, lengthBytes);
        }
    }

    /**
     * Of copies of one request some may have been given up without an answer, and one may be
     * refused while another is carried out.
     */
    private void ata(ArrayDeque<Asked> copies, ByteBuffer buffer, int offset, int lengthBytes) {
        require(!copies.isEmpty(), buffer, offset, lengthBytes);
        long lastCopy = copies.getLast().arrived;
        boolean refused = AoeFrame.isError(buffer, offset);
        if (refused) {
            boolean reserved =
                    AoeFrame.error(buffer, offset) == AoeError.TARGET_RESERVED.code()
                            && !state.openTo(AoeFrame.destination(buffer, offset));
            require(reserved, buffer, offset, lengthBytes);
            if (copies.size() > 1) {
                copies.forEach(Asked::doubt);
                copies.removeLast();
                return;
            }
        }
        ata(copies.poll(), lastCopy, refused || readOnly, buffer, offset);
    }

    private void ata(Asked request, long lastCopy, boolean refused, ByteBuffer buffer, int offset) {
        boolean ok =
                !AoeFrame.isError(buffer, offset)
                        && (AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) == 0;
        require(
                !ok || request.sectors == 0 || inside(request),
                "sector " + request.lba + ": done, but behind the end");
        if (ok && (request.command == AtaFrame.FLUSH_EXT || request.command == AtaFrame.FLUSH)) {
            flushedMoment = Math.max(flushedMoment, request.arrived);
        }
        for (SectorHistory.Write write : request.writes) {
            write.outcome =
                    ok
                            ? SectorHistory.Outcome.DONE
                            : refused
                                    ? SectorHistory.Outcome.REFUSED
                                    : SectorHistory.Outcome.FAILED;
            write.answered = moment;
        }
        if (ok && request.command == AtaFrame.READ_EXT) {
            for (int i = 0; i < request.sectors; i++) {
                long id = id(buffer, offset, i, request.lba + i);
                if (request.lba + i < sectors.size()) {
                    sectors.get(request.lba + i).read(id, request.arrived, lastCopy, moment);
                }
            }
        }
    }

    /** Whether it was ever inside the disk while it was in progress. */
    private boolean inside(Asked request) {
        boolean transfers =
                request.command == AtaFrame.READ_EXT || request.command == AtaFrame.WRITE_EXT;
        boolean inside = !transfers;
        long until = Long.MAX_VALUE;
        for (Iterator<Size> newest = sizes.descendingIterator(); newest.hasNext(); ) {
            Size size = newest.next();
            inside |= until > request.arrived && request.lba + request.sectors <= size.sectors;
            until = size.since;
        }
        return inside;
    }

    /** An initiator was given the sector by its library. */
    void readFromAfar(int lba, long id, long began) {
        require(id != StampedSectors.TORN, "sector " + lba + " is a mixture");
        if (lba < sectors.size()) {
            sectors.get(lba).readFromAfar(id, began, moment);
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

    /** The machine is gone, and what of the disk was only in memory. */
    void powerCut() {
        killed();
        for (int lba = 0; lba < sectors.size(); lba++) {
            sectors.get(lba).cut(moment, durable, flushedMoment, lossy);
        }
    }

    /** What the medium holds in the end, and then whether all was as it must be. */
    void verify(ByteBuffer medium) {
        for (int lba = 0; lba < sectors.size(); lba++) {
            long id = StampedSectors.id(medium, lba * StampedSectors.BYTES, lba);
            sectors.get(lba).read(id, moment + 1, moment + 1, moment + 2);
            String fault = sectors.get(lba).fault(lossy);
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
