// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Origin;
import org.vblade4j.config.Problem;
import org.vblade4j.config.SystemCheck;
import org.vblade4j.config.VbladeArgs;
import org.vblade4j.config.VbladeLongOptions;
import org.vblade4j.daemon.ForegroundExport;

/**
 * vblade with the C program's arguments. Where that guessed or ignored, this refuses. All that goes
 * wrong at run time ends with status 1, as there; only wrong arguments with 2.
 */
final class VbladeProgram {
    private static final String NAME = "vblade";

    private final String program;
    private final Console console;

    VbladeProgram(String program, Console console) {
        this.program = program;
        this.console = console;
    }

    int run(List<String> words) {
        if (words.contains("--help")) {
            Programs.vblade(program, console).usage(console.out());
            return ExitStatus.OK.code();
        }
        if (words.contains("--version")) {
            console.out().println("vblade4j " + Version.number());
            return ExitStatus.OK.code();
        }
        ExportSpec export;
        VbladeLongOptions longOptions;
        try {
            Origin origin = new Origin("command line", 0);
            longOptions = VbladeLongOptions.parse(words, origin);
            export = VbladeArgs.parse(longOptions.words(), NAME, longOptions.options(), origin);
        } catch (ConfigException e) {
            complain("", e.problems());
            console.complain(program, "try '" + program + " --help'");
            return ExitStatus.USAGE.code();
        }
        return serve(export, longOptions);
    }

    private int serve(ExportSpec export, VbladeLongOptions longOptions) {
        complain("warning: ", VbladeArgs.warnings(export));
        List<Problem> problems = SystemCheck.problems(export);
        if (!problems.isEmpty()) {
            complain("", problems);
            return ExitStatus.REFUSED.code();
        }
        try {
            return new ForegroundExport(
                            export, longOptions.dataDirectory(), longOptions.port(), console.out())
                    .run();
        } catch (IOException e) {
            console.complain(program, e.getMessage());
            return ExitStatus.REFUSED.code();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.REFUSED.code();
        }
    }

    /** Leaves out the export's name, which nobody gave it. */
    private void complain(String kind, List<Problem> problems) {
        for (Problem problem : problems) {
            String message = problem.message();
            boolean named = message.startsWith(NAME + ": ");
            console.complain(
                    program, kind + (named ? message.substring(NAME.length() + 2) : message));
        }
    }
}
