// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.initiator;

import java.io.IOException;
import org.vblade4j.wire.AoeError;

/** A target refused a command with an AoE error. */
public final class AoeErrorException extends IOException {
    private static final long serialVersionUID = 1L;

    private final int code;

    AoeErrorException(String who, int code) {
        super(who + ": " + AoeError.of(code).map(AoeError::text).orElse("AoE error " + code));
        this.code = code;
    }

    /** As {@link AoeError#code}, or what the protocol does not define. */
    public int code() {
        return code;
    }
}
