// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.Locale;
import java.util.Optional;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.Spelling;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers a wrong command line: what is wrong, what was probably meant, where to read on. */
final class UsageErrors implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException problem, String[] arguments) {
        CommandLine command = problem.getCommandLine();
        String program = command.getCommandSpec().root().name();
        String path = command.getCommandSpec().qualifiedName(" ");
        Console console = new Console(command.getOut(), command.getErr());
        console.complain(program, message(problem));
        console.complain(program, "try '" + path + " --help'");
        return ExitStatus.USAGE.code();
    }

    private static String message(ParameterException problem) {
        ArgSpec argument = problem.getArgSpec();
        if (argument != null && argument.type().isEnum() && problem.getValue() != null) {
            String option = argument instanceof OptionSpec named ? named.longestName() + " " : "";
            return option
                    + "'"
                    + problem.getValue()
                    + "', expected "
                    + argument.paramLabel().replace('|', '/');
        }
        if (!(problem instanceof UnmatchedArgumentException unmatched)) {
            return decapitalized(problem.getMessage().replaceFirst("^Error: ", ""));
        }
        String word = unmatched.getUnmatched().get(0);
        Optional<String> meant = Spelling.nearest(word, unmatched.getSuggestions());
        String kind = unmatched.isUnknownOption() ? "unknown option '" : "unknown word '";
        return kind + word + "'" + meant.map(near -> ", did you mean '" + near + "'?").orElse("");
    }

    /** Our messages start small; picocli's with a capital. */
    private static String decapitalized(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }
}
