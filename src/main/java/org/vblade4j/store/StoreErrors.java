// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import org.vblade4j.sys.Errno;

/** From the system's error numbers to {@link StoreStatus}. */
final class StoreErrors {
    /** FileChannel keeps only strerror's text, in the locale that Errno.text uses too. */
    private static final Set<String> NO_SPACE_TEXTS =
            Set.of(Errno.text(Errno.ENOSPC), Errno.text(Errno.EDQUOT), Errno.text(Errno.EFBIG));

    private StoreErrors() {}

    static StoreStatus status(int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> StoreStatus.NO_SPACE;
            default -> StoreStatus.MEDIA_ERROR;
        };
    }

    static StoreStatus status(IOException error) {
        if (error instanceof ClosedChannelException) {
            return StoreStatus.UNAVAILABLE;
        }
        String text = error.getMessage();
        return text != null && NO_SPACE_TEXTS.contains(text)
                ? StoreStatus.NO_SPACE
                : StoreStatus.MEDIA_ERROR;
    }
}
