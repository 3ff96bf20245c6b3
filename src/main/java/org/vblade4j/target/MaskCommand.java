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
import org.vblade4j.wire.MaskFrame;

/**
 * Command 2, the MAC mask list (AoEr11 §3.3): which stations the target listens to. An edit runs
 * directive by directive; the first that fails ends it and is reported by its index, and those
 * before it stay in effect. A station that may edit may exclude itself; a list that the operator
 * configured is nobody's to edit.
 */
final class MaskCommand {
    private static final int DONE = 0;

    private final TargetState state;
    private final Changes changes;
    private final Changes.Answerer changed = this::changed;
    private final Replies replies;
    private final Counters counters;

    /** How the edit went that is being answered: the directive that failed, if one did. */
    private int error;

    private int errorIndex;

    MaskCommand(TargetState state, Changes changes, Replies replies, Counters counters) {
        this.state = state;
        this.changes = changes;
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
                && MaskFrame.frameBytes(count) <= lengthBytes
                && changes.mayChange(Change.Kind.MAC_MASK, AoeFrame.source(frame, offset))) {
            edit(slot, frame, offset, count);
        } else {
            replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        }
    }

    private void edit(int slot, ByteBuffer frame, int offset, int count) {
        if (!changes.idle()) {
            changes.busy(slot); // what the edit under way comes to must be kept until its answer
            return;
        }
        List<Long> macs = new ArrayList<>(state.mask().toList());
        error = DONE;
        errorIndex = 0;
        for (; errorIndex < count && error == DONE; errorIndex++) {
            int directive = MaskFrame.directive(frame, offset, errorIndex);
            error = apply(macs, directive, MaskFrame.mac(frame, offset, errorIndex));
        }
        errorIndex--;
        changes.mask(AoeFrame.source(frame, offset), macs, slot, MaskFrame.EDIT, changed);
    }

    private void changed(int slot, int operation, boolean kept) {
        if (!kept) {
            error = MaskFrame.ERROR_UNSPECIFIED;
            errorIndex = 0;
        }
        if (error == DONE) {
            sendList(slot, operation);
        } else {
            MaskFrame.put(
                    replies.buffer(), replies.offset(slot), MaskFrame.EDIT, error, errorIndex);
            send(slot, 0);
        }
    }

    private int apply(List<Long> macs, int directive, long mac) {
        return switch (directive) {
            case MaskFrame.DIRECTIVE_NONE -> DONE;
            case MaskFrame.DIRECTIVE_ADD -> add(macs, mac);
            case MaskFrame.DIRECTIVE_DELETE -> {
                macs.remove((Long) mac);
                yield DONE;
            }
            default -> MaskFrame.ERROR_BAD_DIRECTIVE;
        };
    }

    /** An address that no station can send from would only make the list look open or locked. */
    private int add(List<Long> macs, long mac) {
        if (!Mac.isUnicast(mac)) {
            return MaskFrame.ERROR_BAD_DIRECTIVE;
        }
        if (macs.contains(mac)) {
            return DONE;
        }
        if (macs.size() >= capacity()) {
            return MaskFrame.ERROR_LIST_FULL;
        }
        macs.add(mac);
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
