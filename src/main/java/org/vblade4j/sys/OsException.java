// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.sys;

import java.io.IOException;

/** A system call that failed. The message is "call: what strerror says". */
public final class OsException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final int errno;

    /**
     * @param call the C function, with the option or request where that tells more
     * @param errno one of {@link Errno}
     */
    public OsException(String call, int errno) {
        super(call + ": " + Errno.text(errno));
        this.call = call;
        this.errno = errno;
    }

    /** For the call of {@link Libc} that this thread made last and that failed. */
    public static OsException last(String call) {
        return new OsException(call, Libc.errno());
    }

    public String call() {
        return call;
    }

    public int errno() {
        return errno;
    }
}
