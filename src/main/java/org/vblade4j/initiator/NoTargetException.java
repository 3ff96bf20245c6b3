// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;

/** Nobody answered for an address within the time. */
public final class NoTargetException extends IOException {
    private static final long serialVersionUID = 1L;

    public NoTargetException(String message) {
        super(message);
    }
}
