// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.io.IOException;
import java.nio.file.Path;

/** Nobody listens at the socket. */
public final class NoSupervisorException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What the command line exits with, so that init scripts can tell this from a refusal. */
    public static final int EXIT_STATUS = 7;

    NoSupervisorException(Path socket, IOException cause) {
        super("no supervisor answers at " + socket, cause);
    }
}
