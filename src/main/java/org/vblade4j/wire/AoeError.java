// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.wire;

import java.util.Optional;

/** The error codes of a response whose E flag is set (AoEr11 §2). */
public enum AoeError {
    BAD_COMMAND(1, "unrecognized command code"),
    BAD_ARGUMENT(2, "bad argument parameter"),
    DEVICE_UNAVAILABLE(3, "device unavailable"),
    CONFIG_STRING_PRESENT(4, "config string present"),
    UNSUPPORTED_VERSION(5, "unsupported version"),
    TARGET_RESERVED(6, "target is reserved");

    private final int code;
    private final String text;

    AoeError(int code, String text) {
        this.code = code;
        this.text = text;
    }

    /** The byte on the wire. */
    public int code() {
        return code;
    }

    /** In words, for messages. */
    public String text() {
        return text;
    }

    /** Empty for codes that the protocol does not define. */
    public static Optional<AoeError> of(int code) {
        for (AoeError error : values()) {
            if (error.code == code) {
                return Optional.of(error);
            }
        }
        return Optional.empty();
    }
}
