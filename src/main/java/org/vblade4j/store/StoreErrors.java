// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.vblade4j.sys.Errno;

/** From the system's error numbers to {@link StoreStatus}. */
final class StoreErrors {
    /** Those that tell more than that the medium failed. */
    private static final int[] TOLD_APART = {
        Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG, Errno.EROFS, Errno.EPERM
    };

    private StoreErrors() {}

    static StoreStatus status(int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> StoreStatus.NO_SPACE;
            case Errno.EROFS, Errno.EPERM -> StoreStatus.READ_ONLY;
            default -> StoreStatus.MEDIA_ERROR;
        };
    }

    static StoreStatus status(IOException error) {
        if (error instanceof ClosedChannelException) {
            return StoreStatus.UNAVAILABLE;
        }
        // FileChannel keeps only strerror's text, in the locale that Errno.text uses too.
        for (int errno : TOLD_APART) {
            if (Errno.text(errno).equals(error.getMessage())) {
                return status(errno);
            }
        }
        return StoreStatus.MEDIA_ERROR;
    }
}
