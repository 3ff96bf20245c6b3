// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.ReserveFrame;

/** Command 3, Reserve/Release (AoEr11 §3.4): which stations may use the disk. */
final class ReserveCommand {
    private final TargetState state;
    private final Replies replies;
    private final Counters counters;

    ReserveCommand(TargetState state, Replies replies, Counters counters) {
        this.state = state;
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
        // The list must be there, and must stay readable in one answer.
        if (neededBytes > lengthBytes || neededBytes > replies.maxFrameBytes()) {
            replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        } else if (operation == ReserveFrame.SET
                && !state.isOpenTo(AoeFrame.source(frame, offset))) {
            sendList(slot, operation, AoeError.TARGET_RESERVED);
        } else {
            replace(frame, offset, count);
            sendList(slot, operation, null);
        }
    }

    private void replace(ByteBuffer frame, int offset, int count) {
        state.reservation().clear();
        for (int i = 0; i < count; i++) {
            state.reservation().append(ReserveFrame.mac(frame, offset, i));
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
