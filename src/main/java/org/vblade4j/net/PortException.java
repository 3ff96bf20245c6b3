// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.net;

import java.io.IOException;

/** The port cannot go on: no such interface, no permission, or the socket itself failed. */
public final class PortException extends IOException {
    private static final long serialVersionUID = 1L;

    public PortException(String message) {
        super(message);
    }

    public PortException(String message, Throwable cause) {
        super(message, cause);
    }
}
