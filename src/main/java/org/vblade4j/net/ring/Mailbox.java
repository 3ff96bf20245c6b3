// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import org.vblade4j.net.FrameHandler;
import org.vblade4j.net.ReturnedFrames;
import org.vblade4j.net.TransmitSlots;
import org.vblade4j.sys.NativeMemory;
import org.vblade4j.sys.OsException;

/**
 * Frames that reach a port by way of another of the process: what is for all of them, and what the
 * kernel gave to the wrong one. Any thread posts; the port's thread receives, and looks at nothing
 * but one flag while there is no mail. Full means dropped and counted. The memory that it uses is
 * as much as the longest backlog of frames had: a place is used again when the mailbox has been
 * empty.
 */
final class Mailbox implements AutoCloseable {
    /** A rack of hosts that looks for its disks at once sends that many, also to a busy target. */
    static final int FRAMES = 256;

    private static final int ALIGNMENT = 512;
    private static final int FRAME_START = ALIGNMENT - TransmitSlots.HEADER_BYTES;

    private final int strideBytes;
    private final int[] lengths = new int[FRAMES];
    private final Runnable wakeUp;
    private NativeMemory memory; // made for the first frame: most mailboxes never see one
    private int head;
    private int count;
    private boolean closed;
    private long drops;
    private volatile boolean mail;

    /**
     * @param frameBytes the longest frame that is taken
     * @param wakeUp called by the posting thread when there is mail
     */
    Mailbox(int frameBytes, Runnable wakeUp) {
        strideBytes = (FRAME_START + frameBytes + ALIGNMENT - 1) & -ALIGNMENT;
        this.wakeUp = wakeUp;
    }

    /** Takes a copy of a frame; false when it is dropped. */
    boolean post(ByteBuffer source, int offset, int lengthBytes) {
        if (!store(source, offset, lengthBytes)) {
            return false;
        }
        wakeUp.run();
        return true;
    }

    /** Any thread: has the port's thread look, be there mail or not. */
    void wakeUp() {
        wakeUp.run();
    }

    private synchronized boolean store(ByteBuffer source, int offset, int lengthBytes) {
        if (closed || count == FRAMES || lengthBytes > strideBytes - FRAME_START) {
            drops++;
            mail |= !closed; // to be counted
            return false;
        }
        if (memory == null) {
            try {
                memory = NativeMemory.allocate((long) FRAMES * strideBytes);
            } catch (OsException e) {
                return false;
            }
        }
        int place = (head + count) % FRAMES;
        memory.buffer().put(start(place), source, offset, lengthBytes);
        lengths[place] = lengthBytes;
        count++;
        mail = true;
        return true;
    }

    private int start(int place) {
        return place * strideBytes + FRAME_START;
    }

    boolean hasMail() {
        return mail;
    }

    /** As {@link org.vblade4j.net.EthernetPort#receive}. */
    int receive(FrameHandler handler, int limit) {
        int lent = Math.min(limit, waiting());
        for (int i = 0; i < lent; i++) {
            int place = (head + i) % FRAMES;
            handler.onFrame(memory.buffer(), start(place), lengths[place]);
        }
        if (lent > 0) {
            handler.batchEnd();
            remove(lent);
        }
        return lent;
    }

    private synchronized int waiting() {
        return count;
    }

    private synchronized void remove(int frames) {
        for (int i = 0; i < frames; i++) {
            int place = (head + i) % FRAMES;
            assert ReturnedFrames.overwrite(memory.buffer(), start(place), lengths[place]);
        }
        count -= frames;
        head = count == 0 ? 0 : (head + frames) % FRAMES;
        mail = count > 0;
    }

    /** How many were dropped since the last call. */
    synchronized long takeDrops() {
        long dropped = drops;
        drops = 0;
        mail = count > 0;
        return dropped;
    }

    @Override
    public synchronized void close() {
        closed = true;
        count = 0;
        mail = false;
        if (memory != null) {
            memory.close();
        }
    }
}
