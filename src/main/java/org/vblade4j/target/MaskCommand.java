// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.Mac;
import org.vblade4j.wire.MaskFrame;

/**
 * Command 2, the MAC mask list (AoEr11 §3.3): which stations the target listens to. An edit runs
 * directive by directive; the first that fails ends it and is reported by its index, and those
 * before it stay in effect. Any station that is listened to may edit, its own exclusion included;
 * but a list that the operator configured is nobody's to edit.
 */
final class MaskCommand {
    private static final int DONE = 0;

    private final TargetState state;
    private final Replies replies;
    private final Counters counters;

    MaskCommand(TargetState state, Replies replies, Counters counters) {
        this.state = state;
        this.replies = replies;
        this.counters = counters;
    }

    /** Answers an admitted mask frame. */
    void handle(ByteBuffer frame, int offset, int lengthBytes) {
        int slot = replies.begin(frame, offset);
        if (slot == Replies.NO_SLOT) {
            return;
        }
        int operation = MaskFrame.operation(frame, offset);
        int count = MaskFrame.count(frame, offset);
        if (operation == MaskFrame.READ) {
            sendList(slot, operation);
        } else if (operation == MaskFrame.EDIT
                && !state.maskFixed()
                && MaskFrame.frameBytes(count) <= lengthBytes) {
            edit(slot, frame, offset, count);
        } else {
            replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        }
    }

    private void edit(int slot, ByteBuffer frame, int offset, int count) {
        for (int i = 0; i < count; i++) {
            int error =
                    apply(MaskFrame.directive(frame, offset, i), MaskFrame.mac(frame, offset, i));
            if (error != DONE) {
                MaskFrame.put(replies.buffer(), replies.offset(slot), MaskFrame.EDIT, error, i);
                send(slot, 0);
                return;
            }
        }
        sendList(slot, MaskFrame.EDIT);
    }

    private int apply(int directive, long mac) {
        return switch (directive) {
            case MaskFrame.DIRECTIVE_NONE -> DONE;
            case MaskFrame.DIRECTIVE_ADD -> add(mac);
            case MaskFrame.DIRECTIVE_DELETE -> delete(mac);
            default -> MaskFrame.ERROR_BAD_DIRECTIVE;
        };
    }

    private int delete(long mac) {
        state.mask().remove(mac);
        return DONE;
    }

    /** An address that no station can send from would only make the list look open or locked. */
    private int add(long mac) {
        if (!Mac.isUnicast(mac)) {
            return MaskFrame.ERROR_BAD_DIRECTIVE;
        }
        if (state.mask().contains(mac)) {
            return DONE;
        }
        if (state.mask().size() >= capacity()) {
            return MaskFrame.ERROR_LIST_FULL;
        }
        state.mask().append(mac);
        return DONE;
    }

    /** The list must stay readable, so it is never longer than what one answer can carry. */
    private int capacity() {
        int room = replies.maxFrameBytes() - MaskFrame.DIRECTIVES_OFFSET;
        return Math.min(MaskFrame.MAX_DIRECTIVES, room / MaskFrame.DIRECTIVE_BYTES);
    }

    private void sendList(int slot, int operation) {
        MacList mask = state.mask();
        if (mask.size() > capacity()) { // the MTU was lowered since
            replies.sendError(slot, AoeError.DEVICE_UNAVAILABLE, AoeFrame.HEADER_BYTES);
            return;
        }
        ByteBuffer buffer = replies.buffer();
        int at = replies.offset(slot);
        MaskFrame.put(buffer, at, operation, 0, mask.size());
        for (int i = 0; i < mask.size(); i++) {
            MaskFrame.putDirective(buffer, at, i, MaskFrame.DIRECTIVE_NONE, mask.mac(i));
        }
        send(slot, mask.size());
    }

    private void send(int slot, int directives) {
        counters.increment(Counter.MASK_REQUESTS);
        replies.send(slot, MaskFrame.frameBytes(directives));
    }
}
