// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.vblade4j.net.PortException;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;

/**
 * One question of any AoE command to the station at the end of a path, and its answer; for what is
 * not disk I/O. Blocks; one thread, which owns the path's port meanwhile.
 */
public final class Inquiry {
    private static final int BATCH = 64;
    private static final int MAX_BATCHES = Initiator.RECEIVE_FRAMES / BATCH;

    /** A question without an answer is asked again after this time. */
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(250);

    private final DiskPath path;
    private final LongSupplier clockNs;
    private int tag;
    private long sentNs;
    private Reply reply;
    private int duplicates;

    /** Writes a command's arguments. */
    @FunctionalInterface
    public interface Arguments {
        /**
         * Returns the frame's length.
         *
         * @param offset where the frame starts; arguments start at its byte 24
         */
        int put(ByteBuffer buffer, int offset);
    }

    /**
     * @param clockNs monotonic, in nanoseconds; also what the first tag is made from
     */
    public Inquiry(DiskPath path, LongSupplier clockNs) {
        this.path = path;
        this.clockNs = clockNs;
        tag = (int) (clockNs.getAsLong() >>> 10);
    }

    /**
     * Asks, and again every 250 ms, until there is an answer; empty when the time is over. An
     * answer with the error flag is an answer.
     */
    public Optional<Reply> ask(int command, Arguments arguments, long timeoutNs)
            throws PortException {
        long startNs = clockNs.getAsLong();
        long restNs = timeoutNs;
        Optional<Reply> answer = Optional.empty();
        while (answer.isEmpty() && restNs > 0) {
            answer = askOnce(command, arguments, Math.min(REPEAT_NS, restNs));
            restNs = timeoutNs - (clockNs.getAsLong() - startNs);
        }
        return answer;
    }

    /** Asks a single time. */
    public Optional<Reply> askOnce(int command, Arguments arguments, long timeoutNs)
            throws PortException {
        drain();
        reply = null;
        send(command, arguments);
        long passedNs = 0;
        while (reply == null && passedNs < timeoutNs) {
            path.port().await(timeoutNs - passedNs);
            drain();
            passedNs = clockNs.getAsLong() - sentNs;
        }
        return Optional.ofNullable(reply);
    }

    /** Answers that came more than once, up to now. */
    public int duplicates() {
        return duplicates;
    }

    /** Takes what has come, but no more than a port keeps: in a flood it would never end. */
    public void drain() throws PortException {
        int batches = 0;
        while (batches < MAX_BATCHES && path.port().receive(this::onFrame, BATCH) > 0) {
            batches++;
        }
    }

    private void send(int command, Arguments arguments) throws PortException {
        tag = Aoe.TAG_USER_SPACE | (tag + 1);
        AoeAddress address = path.target().address();
        int slot = path.port().claim();
        if (slot >= 0) {
            ByteBuffer buffer = path.port().slots();
            int offset = path.port().slotOffset(slot);
            AoeFrame.putEthernet(buffer, offset, path.target().mac(), path.port().mac());
            AoeFrame.putAoe(buffer, offset, 0, address.shelf(), address.slot(), command, tag);
            int bytes = arguments.put(buffer, offset);
            path.port().commit(slot, AoeFrame.pad(buffer, offset, bytes));
        }
        sentNs = clockNs.getAsLong();
        path.port().flush();
    }

    private void onFrame(ByteBuffer buffer, int offset, int lengthBytes) {
        if (!answers(buffer, offset, lengthBytes)) {
            return;
        }
        if (reply != null) {
            duplicates++;
            return;
        }
        ByteBuffer frame = ByteBuffer.allocate(lengthBytes);
        frame.put(0, buffer, offset, lengthBytes);
        reply = new Reply(frame, clockNs.getAsLong() - sentNs);
    }

    private boolean answers(ByteBuffer buffer, int offset, int lengthBytes) {
        long mac = path.target().mac();
        return lengthBytes >= AoeFrame.HEADER_BYTES
                && AoeFrame.etherType(buffer, offset) == Aoe.ETHERTYPE
                && AoeFrame.version(buffer, offset) == Aoe.VERSION
                && AoeFrame.isResponse(buffer, offset)
                && AoeFrame.tag(buffer, offset) == tag
                && AoeFrame.major(buffer, offset) == path.target().address().shelf()
                && AoeFrame.minor(buffer, offset) == path.target().address().slot()
                && (mac == Mac.BROADCAST || AoeFrame.source(buffer, offset) == mac);
    }
}
