// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net.ring;

import java.nio.ByteBuffer;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.MaskFrame;
import org.vblade4j.wire.ReserveFrame;

/**
 * A frame that the kernel gave to another target's socket. It lay there until that target's thread
 * looked, which may be long while it starts: meanwhile its station has sent it again, was answered,
 * and may have sent what comes after it.
 */
final class MisdeliveredFrame {
    private MisdeliveredFrame() {}

    /**
     * Whether it does no harm behind newer frames: it only asks. An old write would undo a newer
     * one; it is left to be sent again.
     */
    static boolean mayComeLate(ByteBuffer frame, int offset, int lengthBytes) {
        if (lengthBytes < AtaFrame.DATA_OFFSET) { // shorter ones were padded on a real wire
            return false;
        }
        return switch (AoeFrame.command(frame, offset)) {
            case Aoe.COMMAND_ATA -> !writes(AtaFrame.command(frame, offset));
            case Aoe.COMMAND_CONFIG -> ConfigFrame.operation(frame, offset) <= ConfigFrame.PREFIX;
            case Aoe.COMMAND_MASK -> MaskFrame.operation(frame, offset) == MaskFrame.READ;
            case Aoe.COMMAND_RESERVE -> ReserveFrame.operation(frame, offset) == ReserveFrame.READ;
            default -> true; // to be answered with an error
        };
    }

    private static boolean writes(int ataCommand) {
        return ataCommand == AtaFrame.WRITE || ataCommand == AtaFrame.WRITE_EXT;
    }
}
