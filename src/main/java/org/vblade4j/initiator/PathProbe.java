// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/**
 * Finds out how much data really gets through a path in one frame, whatever both ends believe of
 * their MTU: a READ that carries as much as the frame may hold, as Linux's driver probes. Its
 * answer brings as many sectors as the target says it can send.
 */
public final class PathProbe {
    private static final int TRIES = 3;
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(150);

    private final DiskPath path;
    private final Inquiry inquiry;
    private final RemoteIdentity identity;

    /**
     * @param identity the disk's, for its size and kind of addresses
     */
    public PathProbe(DiskPath path, RemoteIdentity identity) {
        this.path = path;
        this.identity = identity;
        inquiry = new Inquiry(path, System::nanoTime);
    }

    /** The largest number of sectors that passes; 0 when nothing does. */
    public int sectors() throws PortException {
        int most = Math.max(1, Aoe.sectorsPerFrame(path.port().mtuBytes()));
        if (passes(most)) {
            return most;
        }
        int good = 0;
        int bad = most;
        while (bad - good > 1) {
            int middle = (good + bad) / 2;
            if (passes(middle)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    /** Whether a frame with so many sectors passes, and as many as are asked for come back. */
    private boolean passes(int sectors) throws PortException {
        int wanted = Math.min(sectors, path.target().maxSectors());
        int asked = (int) Math.min(wanted, identity.sectors());
        boolean extended = identity.extended();
        int command = extended ? AtaFrame.READ_EXT : AtaFrame.READ;
        long device = extended ? 0 : (long) AtaFrame.LBA28_DEVICE << 24;
        for (int i = 0; i < TRIES; i++) {
            Optional<Reply> reply =
                    inquiry.askOnce(
                            Aoe.COMMAND_ATA,
                            (buffer, offset) -> {
                                int flags = extended ? AtaFrame.FLAG_EXTENDED : 0;
                                AtaFrame.putRequest(buffer, offset, flags, command, asked, device);
                                int bytes = sectors * Aoe.SECTOR_BYTES;
                                for (int at = 0; at < bytes; at += Long.BYTES) {
                                    buffer.putLong(offset + AtaFrame.DATA_OFFSET + at, 0);
                                }
                                return AtaFrame.DATA_OFFSET + bytes;
                            },
                            WAIT_NS);
            if (reply.isPresent()) {
                return complete(reply.get(), asked);
            }
        }
        return false;
    }

    /** A refusal passed too: of size alone it says nothing. */
    private static boolean complete(Reply reply, int sectors) {
        int bytes = AtaFrame.DATA_OFFSET + sectors * Aoe.SECTOR_BYTES;
        return AoeFrame.isError(reply.frame(), 0) || reply.frame().limit() >= bytes;
    }
}
