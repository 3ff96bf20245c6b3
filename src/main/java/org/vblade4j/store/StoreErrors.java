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
            default -> StoreStatus.MEDIA_ERROR;
        };
    }
}
