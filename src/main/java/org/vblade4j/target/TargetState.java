// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.target;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * What initiators can change about a target, apart from its data: the config string, the MAC mask
 * list and the reservation. It outlives the target, so that a target made anew on another port goes
 * on where the last one stopped. Worker thread only.
 */
public final class TargetState {
    private final byte[] config = new byte[ConfigFrame.MAX_STRING_BYTES];
    private int configBytes;
    private final MacList mask;
    private final MacList reservation = new MacList(ReserveFrame.MAX_MACS);
    private final boolean maskFixed;

    /** What is being kept, and not in effect yet; null for nothing. */
    private Change pending;

    /** What initiators had set, which a list of the operator's own puts out of effect. */
    private List<Long> shadowedMask = List.of();

    /**
     * A state without config string and reservation.
     *
     * @param allowedMacs the mask list; one that the operator has set cannot be edited over the
     *     network, an empty one can
     */
    public TargetState(List<Long> allowedMacs) {
        mask = new MacList(Math.max(MaskFrame.MAX_DIRECTIVES, allowedMacs.size()));
        allowedMacs.stream().distinct().forEach(mask::append);
        maskFixed = !mask.isEmpty();
    }

    /** The same with what initiators had changed before; the operator's own list wins. */
    public TargetState(List<Long> allowedMacs, StateImage kept) {
        this(allowedMacs);
        adopt(kept);
    }

    /** What initiators have changed, as it is now. */
    StateImage image() {
        return new StateImage(
                new String(config, 0, configBytes, StandardCharsets.ISO_8859_1),
                maskFixed ? shadowedMask : mask.toList(),
                reservation.toList());
    }

    /** Takes a state over, within the limits of the protocol. */
    void adopt(StateImage image) {
        byte[] bytes = image.config().getBytes(StandardCharsets.ISO_8859_1);
        configBytes = Math.min(bytes.length, config.length);
        System.arraycopy(bytes, 0, config, 0, configBytes);
        if (maskFixed) {
            shadowedMask = image.mask();
        } else {
            mask.set(image.mask());
        }
        reservation.set(image.reservation());
    }

    /** A change is to be kept: it has no effect until {@link #conclude}. */
    void begin(Change change) {
        pending = change;
    }

    boolean changing() {
        return pending != null;
    }

    /** The change has come to its outcome: it is in effect from now on if it was kept. */
    void conclude(boolean kept) {
        if (kept) {
            adopt(pending.after());
        }
        pending = null;
    }

    /** Stations the target listens to; empty for all. */
    MacList mask() {
        return mask;
    }

    /** The operator's own list: not for initiators to change. */
    boolean maskFixed() {
        return maskFixed;
    }

    /** Stations that hold the target; empty for none. */
    MacList reservation() {
        return reservation;
    }

    boolean listensTo(long mac) {
        return mask.isEmpty() || mask.contains(mac);
    }

    boolean isOpenTo(long mac) {
        return reservation.isEmpty() || reservation.contains(mac);
    }

    int configBytes() {
        return configBytes;
    }

    /** Whether the config string starts with these bytes; always true for none. */
    boolean configStartsWith(ByteBuffer buffer, int offset, int lengthBytes) {
        if (lengthBytes > configBytes) {
            return false;
        }
        for (int i = 0; i < lengthBytes; i++) {
            if (config[i] != buffer.get(offset + i)) {
                return false;
            }
        }
        return true;
    }

    boolean configEquals(ByteBuffer buffer, int offset, int lengthBytes) {
        return lengthBytes == configBytes && configStartsWith(buffer, offset, lengthBytes);
    }

    void putConfig(ByteBuffer buffer, int offset) {
        buffer.put(offset, config, 0, configBytes);
    }
}
