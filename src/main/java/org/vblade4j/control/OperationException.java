// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

/** A command that was not carried out; the message is for the operator. */
public final class OperationException extends Exception {
    private static final long serialVersionUID = 1L;

    /** How a command failed, as the exit status the command line gives it. */
    public enum Kind {
        /** Refused: bad configuration, or the export did not come up. */
        REFUSED(1),
        /** The request itself makes no sense: unknown command, unknown export. */
        USAGE(2),
        /** The export is not running. */
        NOT_RUNNING(3),
        /** Not this supervisor's business: the client has to find out itself. */
        ELSEWHERE(99);

        private final int exitStatus;

        Kind(int exitStatus) {
            this.exitStatus = exitStatus;
        }

        public int exitStatus() {
            return exitStatus;
        }
    }

    private final Kind kind;

    public OperationException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
