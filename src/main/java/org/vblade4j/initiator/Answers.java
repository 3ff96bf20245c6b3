// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.nio.ByteBuffer;
import org.vblade4j.store.StoreStatus;
import org.vblade4j.wire.AoeError;
import org.vblade4j.wire.AoeFrame;
import org.vblade4j.wire.AtaFrame;

/** What an answer to an ATA command means. */
final class Answers {
    private Answers() {}

    static StoreStatus status(ByteBuffer buffer, int offset, boolean write) {
        if (AoeFrame.isError(buffer, offset)) {
            int code = AoeFrame.error(buffer, offset);
            boolean away =
                    code == AoeError.DEVICE_UNAVAILABLE.code()
                            || code == AoeError.TARGET_RESERVED.code();
            return away ? StoreStatus.UNAVAILABLE : StoreStatus.MEDIA_ERROR;
        }
        if ((AtaFrame.status(buffer, offset) & AtaFrame.STATUS_FAILED) == 0) {
            return StoreStatus.OK;
        }
        int error = AtaFrame.error(buffer, offset);
        if ((error & AtaFrame.ERROR_IDNF) != 0) {
            return StoreStatus.OUT_OF_RANGE;
        }
        // A target that takes no writes aborts them; ATA has no better word for it.
        return write && (error & AtaFrame.ERROR_ABRT) != 0
                ? StoreStatus.READ_ONLY
                : StoreStatus.MEDIA_ERROR;
    }
}
