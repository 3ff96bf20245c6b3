// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.vblade4j.ata.Firmware;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;

/**
 * Command 1, Config/Query (AoEr11 §3.2): how initiators find targets, and a string that they may
 * label one with. The string is stored and given back byte for byte, whatever it is.
 */
final class ConfigCommand {
    /** In the blocks of 4096 bytes that large disks and page caches have. */
    private static final int BLOCK_SECTORS = 8;

    private final int bufferCount;
    private final boolean roundSectors;
    private final TargetState state;
    private final Changes changes;
    private final Changes.Answerer changed = this::changed;
    private final Replies replies;
    private final Counters counters;

    ConfigCommand(
            TargetSettings settings,
            TargetState state,
            Changes changes,
            Replies replies,
            Counters counters) {
        this.bufferCount = settings.bufferCount();
        this.roundSectors = settings.roundSectors();
        this.state = state;
        this.changes = changes;
        this.replies = replies;
        this.counters = counters;
    }

    /** Answers an admitted config frame. */
    void handle(ByteBuffer frame, int offset, int lengthBytes) {
        int operation = ConfigFrame.operation(frame, offset);
        if (operation > ConfigFrame.FORCE_SET) {
            replies.error(frame, offset, AoeError.BAD_ARGUMENT);
            return;
        }
        // A read carries a length too, and clients send any with no string behind it.
        if (operation != ConfigFrame.READ && !stringPresent(frame, offset, lengthBytes)) {
            counters.increment(Counter.MALFORMED_DROPS);
            return;
        }
        if (!matches(operation, frame, offset)) {
            counters.increment(Counter.CONFIG_MISMATCH_DROPS);
            return;
        }
        int slot = replies.begin(frame, offset);
        if (slot != Replies.NO_SLOT) {
            answer(slot, operation, frame, offset);
        }
    }

    /** Sends a response without a request, to make the target known; false when it must wait. */
    boolean announce(long destination) {
        int slot = replies.beginUnasked(destination, Aoe.COMMAND_CONFIG);
        if (slot == Replies.NO_SLOT) {
            return false;
        }
        if (state.configBytes() > maxStringBytes()) {
            replies.drop(slot); // a query will be told by an error
        } else {
            replies.send(slot, putArguments(slot, ConfigFrame.READ));
        }
        return true;
    }

    /** Asks for the target's own address, as an initiator would. */
    void query(long destination) {
        int slot = replies.beginQuery(destination, Aoe.COMMAND_CONFIG);
        if (slot != Replies.NO_SLOT) {
            ConfigFrame.putRequest(replies.buffer(), replies.offset(slot), ConfigFrame.READ, 0);
            replies.send(slot, ConfigFrame.STRING_OFFSET);
        }
    }

    private static boolean stringPresent(ByteBuffer frame, int offset, int lengthBytes) {
        int claimed = ConfigFrame.stringBytes(frame, offset);
        return claimed <= ConfigFrame.MAX_STRING_BYTES
                && claimed <= lengthBytes - ConfigFrame.STRING_OFFSET;
    }

    private boolean matches(int operation, ByteBuffer frame, int offset) {
        int string = offset + ConfigFrame.STRING_OFFSET;
        int stringBytes = ConfigFrame.stringBytes(frame, offset);
        return switch (operation) {
            case ConfigFrame.TEST -> state.configEquals(frame, string, stringBytes);
            case ConfigFrame.PREFIX -> state.configStartsWith(frame, string, stringBytes);
            default -> true;
        };
    }

    private void answer(int slot, int operation, ByteBuffer frame, int offset) {
        if (operation == ConfigFrame.SET || operation == ConfigFrame.FORCE_SET) {
            store(slot, operation, frame, offset);
        } else {
            send(slot, operation, null);
        }
    }

    private void store(int slot, int operation, ByteBuffer frame, int offset) {
        int string = offset + ConfigFrame.STRING_OFFSET;
        int stringBytes = ConfigFrame.stringBytes(frame, offset);
        long source = AoeFrame.source(frame, offset);
        if (!changes.mayChange(Change.Kind.CONFIG_STRING, source)
                || stringBytes > maxStringBytes()) { // no answer could ever show it
            replies.sendError(slot, AoeError.BAD_ARGUMENT, AoeFrame.HEADER_BYTES);
        } else if (state.configEquals(frame, string, stringBytes)) {
            send(slot, operation, null);
        } else if (operation == ConfigFrame.SET && state.configBytes() != 0) {
            send(slot, operation, AoeError.CONFIG_STRING_PRESENT);
        } else {
            byte[] bytes = new byte[stringBytes];
            frame.get(string, bytes);
            String newer = new String(bytes, StandardCharsets.ISO_8859_1);
            changes.config(source, newer, slot, operation, changed);
        }
    }

    private void changed(int slot, int operation, boolean kept) {
        if (kept) {
            send(slot, operation, null);
        } else {
            replies.sendError(slot, AoeError.DEVICE_UNAVAILABLE, AoeFrame.HEADER_BYTES);
        }
    }

    /** The current string, with or without an error. */
    private void send(int slot, int operation, AoeError error) {
        if (state.configBytes() > maxStringBytes()) { // the MTU was lowered since
            replies.sendError(slot, AoeError.DEVICE_UNAVAILABLE, AoeFrame.HEADER_BYTES);
        } else if (error != null) {
            replies.sendError(slot, error, putArguments(slot, operation));
        } else {
            counters.increment(Counter.CONFIG_QUERIES);
            replies.send(slot, putArguments(slot, operation));
        }
    }

    private int maxStringBytes() {
        return replies.maxFrameBytes() - ConfigFrame.STRING_OFFSET;
    }

    /** Returns the frame's length. */
    private int putArguments(int slot, int operation) {
        int at = replies.offset(slot);
        ByteBuffer buffer = replies.buffer();
        ConfigFrame.putResponse(
                buffer, at, bufferCount, Firmware.NUMBER, sectorsPerFrame(), operation);
        ConfigFrame.putStringBytes(buffer, at, state.configBytes());
        state.putConfig(buffer, at + ConfigFrame.STRING_OFFSET);
        return ConfigFrame.STRING_OFFSET + state.configBytes();
    }

    /** At least 1: zero would mean 2. */
    private int sectorsPerFrame() {
        int slotSectors = (replies.slotBytes() - AtaFrame.DATA_OFFSET) / Aoe.SECTOR_BYTES;
        int most = Math.max(1, Math.min(slotSectors, Aoe.sectorsPerFrame(replies.mtuBytes())));
        return roundSectors && most > BLOCK_SECTORS ? most & -BLOCK_SECTORS : most;
    }
}
