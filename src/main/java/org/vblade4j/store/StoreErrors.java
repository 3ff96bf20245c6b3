// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.store;

import org.vblade4j.sys.Errno;

/** From the system's error numbers to {@link StoreStatus}. */
final class StoreErrors {
    private StoreErrors() {}

    static StoreStatus status(int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG -> StoreStatus.NO_SPACE;
            case Errno.EROFS, Errno.EPERM -> StoreStatus.READ_ONLY;
            // The device, or the way to it, is gone; what is there may still be whole.
            case Errno.ENXIO,
                    Errno.ENODEV,
                    Errno.ENOMEDIUM,
                    Errno.ENOLINK,
                    Errno.ENOTCONN,
                    Errno.ESHUTDOWN,
                    Errno.ETIMEDOUT,
                    Errno.ESTALE ->
                    StoreStatus.UNAVAILABLE;
            default -> StoreStatus.MEDIA_ERROR;
        };
    }
}
