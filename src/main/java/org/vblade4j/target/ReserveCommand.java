// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.ReserveFrame;

/** Command 3, Reserve/Release (AoEr11 §3.4): which stations may use the disk. */
final class ReserveCommand {
    private final TargetState state;
    private final Changes changes;
    private final Changes.Answerer changed = this::changed;
    private final Replies replies;
    private final Counters counters;

    ReserveCommand(TargetState state, Changes changes, Replies replies, Counters counters) {
        this.state = state;
        this.changes = changes;
        this.replies = replies;
        this.counters = counters;
    }

    /** Answers an admitted reserve frame. */
    void handle(ByteBuffer frame, int offset, int lengthBytes) {
        int slot = replies.begin(frame, offset);
        if (slot == Replies.NO_SLOT) {
            return;
        }
        switch (ReserveFrame.operation(frame, offset)) {
            case ReserveFrame.READ -> sendList(slot, ReserveFrame.READ, null);
            case ReserveFrame.SET -> set(slot, ReserveFrame.SET, frame, offset, lengthBytes);
            case ReserveFrame.FORCE_SET ->
                    set(slot, ReserveFrame.FORCE_SET, frame, offset, lengthBytes);
            default -> replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        }
    }

    private void set(int slot, int operation, ByteBuffer frame, int offset, int lengthBytes) {
        int count = ReserveFrame.count(frame, offset);
        int neededBytes = ReserveFrame.frameBytes(count);
        long source = AoeFrame.source(frame, offset);
        // The list must be there, be of stations, and stay readable in one answer.
        if (neededBytes > lengthBytes
                || !areStations(frame, offset, count)
                || neededBytes > replies.maxFrameBytes()
                || !changes.mayChange(Change.Kind.RESERVATION, source)) {
            replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        } else if (operation == ReserveFrame.SET && !state.isOpenTo(source)) {
            sendList(slot, operation, AoeError.TARGET_RESERVED);
        } else if (isCurrent(frame, offset, count)) {
            sendList(slot, operation, null);
        } else {
            changes.reservation(source, macs(frame, offset, count), slot, operation, changed);
        }
    }

    /** From a group address, or from none, nobody could ever use or release the target. */
    private static boolean areStations(ByteBuffer frame, int offset, int count) {
        for (int i = 0; i < count; i++) {
            if (!Mac.isUnicast(ReserveFrame.mac(frame, offset, i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isCurrent(ByteBuffer frame, int offset, int count) {
        MacList list = state.reservation();
        if (list.size() != count) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            if (list.mac(i) != ReserveFrame.mac(frame, offset, i)) {
                return false;
            }
        }
        return true;
    }

    private static List<Long> macs(ByteBuffer frame, int offset, int count) {
        List<Long> macs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            macs.add(ReserveFrame.mac(frame, offset, i));
        }
        return macs;
    }

    private void changed(int slot, int operation, boolean kept) {
        if (kept) {
            sendList(slot, operation, null);
        } else {
            replies.sendError(slot, AoeError.DEVICE_UNAVAILABLE, AoeFrame.HEADER_BYTES);
        }
    }

    private void sendList(int slot, int operation, AoeError error) {
        MacList list = state.reservation();
        int lengthBytes = ReserveFrame.frameBytes(list.size());
        if (lengthBytes > replies.maxFrameBytes()) { // the MTU was lowered since
            replies.sendError(slot, AoeError.DEVICE_UNAVAILABLE, AoeFrame.HEADER_BYTES);
            return;
        }
        ByteBuffer buffer = replies.buffer();
        int at = replies.offset(slot);
        ReserveFrame.put(buffer, at, operation, list.size());
        for (int i = 0; i < list.size(); i++) {
            ReserveFrame.putMac(buffer, at, i, list.mac(i));
        }
        if (error != null) {
            replies.sendError(slot, error, lengthBytes);
        } else {
            counters.increment(Counter.RESERVE_REQUESTS);
            replies.send(slot, lengthBytes);
        }
    }
}
