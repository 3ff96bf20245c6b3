// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Turns what a command threw into words and an exit status; only a defect shows a stack trace. */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult parsed) {
        String program = command.getCommandSpec().root().name();
        Console console = new Console(command.getOut(), command.getErr());
        if (failure instanceof IOException || failure instanceof ConfigException) {
            return LeanCall.failed(failure, program, console);
        }
        console.complain(program, "a defect in this program: " + failure);
        failure.printStackTrace(console.err());
        return ExitStatus.REFUSED.code();
    }
}
