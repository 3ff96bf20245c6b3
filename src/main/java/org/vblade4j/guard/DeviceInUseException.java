// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.guard;

import java.io.IOException;
import java.nio.file.Path;

/** Somebody else uses the file or device; the message names both. */
public final class DeviceInUseException extends IOException {
    private static final long serialVersionUID = 1L;

    DeviceInUseException(Path path, String holder) {
        super(path + ": " + holder + "; device-in-use = warn would export it all the same");
    }
}
