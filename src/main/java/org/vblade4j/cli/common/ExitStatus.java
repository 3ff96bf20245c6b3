// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.common;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.vblade4j.control.NoSupervisorException;
import org.vblade4j.initiator.NoTargetException;

/** What the programs exit with; the one description behind help and man pages. */
public enum ExitStatus {
    OK(0, "Done."),
    REFUSED(1, "Refused or failed; the reason is on stderr."),
    USAGE(2, "Wrong usage, such as an unknown option or export."),
    NOT_RUNNING(3, "An export that was asked for is not running."),
    NO_ANSWER(4, "No target answers at the address."),
    WRONG_DATA(5, "Sectors were read that no disk may return; they are printed."),
    NO_SUPERVISOR(7, "No supervisor answers at the socket."),
    INTERRUPTED(130, "Ended by SIGINT; by another signal, 128 and its number."),
    READER_GONE(141, "The reader of standard output has gone, as for any filter.");

    private final int code;
    private final String meaning;

    ExitStatus(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    public int code() {
        return code;
    }

    /** For a command that could not be carried out. */
    public static ExitStatus of(Exception failure) {
        if (failure instanceof NoTargetException) {
            return NO_ANSWER;
        }
        return failure instanceof NoSupervisorException ? NO_SUPERVISOR : REFUSED;
    }

    /** True for the statuses of programs that talk to no supervisor. */
    public boolean endsAnyProgram() {
        return this == OK || this == REFUSED || this == USAGE;
    }

    /** True for the statuses of the initiator's tools. */
    public boolean endsAoe() {
        return endsAnyProgram()
                || this == NO_ANSWER
                || this == WRONG_DATA
                || this == INTERRUPTED
                || this == READER_GONE;
    }

    /** True for the statuses of vblade4j's own commands. */
    public boolean endsVblade4j() {
        return this != WRONG_DATA && this != INTERRUPTED && this != READER_GONE;
    }

    /** The statuses a program can end with, as picocli wants them for its help. */
    public static Map<String, String> table(Predicate<ExitStatus> wanted) {
        Map<String, String> table = new LinkedHashMap<>();
        for (ExitStatus status : values()) {
            if (wanted.test(status)) {
                table.put(Integer.toString(status.code), status.meaning);
            }
        }
        return table;
    }
}
