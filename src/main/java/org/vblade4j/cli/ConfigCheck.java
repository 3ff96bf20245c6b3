// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.config.Problem;
import org.vblade4j.config.SystemCheck;
import org.vblade4j.config.VbladeArgs;
import org.vblade4j.text.Printable;

/**
 * What {@code checkconfig} does where no supervisor runs to be asked. Init scripts wait for it, and
 * the JVM lives for nothing else: written without lambdas and formats.
 */
final class ConfigCheck {
    /** How much is looked at beside what the files say. */
    enum Scope {
        FILES,
        /** The interfaces and devices that the files name, too. */
        SYSTEM
    }

    private final ConfigLoader loader;
    private final Console console;

    ConfigCheck(ConfigLoader loader, Console console) {
        this.loader = loader;
        this.console = console;
    }

    /** Returns the exit status. */
    int all(Scope scope) throws ConfigException {
        Configuration found = loader.load();
        return some(found, found.exports(), scope);
    }

    /** The same for some exports of what was read. */
    int some(Configuration found, List<ExportSpec> exports, Scope scope) {
        List<Problem> problems = new ArrayList<>();
        if (scope == Scope.SYSTEM) {
            problems.addAll(SystemCheck.problems(exports));
        }
        return conclude(found.warnings(), problems, exports.size());
    }

    /** The same for one export's line. */
    int line(String name, String line) throws ConfigException {
        ExportSpec export = loader.parse(name, line);
        return conclude(VbladeArgs.warnings(export), SystemCheck.problems(export), 1);
    }

    /** Without a stream: an init script waits for it. */
    private void print(String finding) {
        for (String line : finding.split("\n")) {
            console.err().println(Printable.text(line));
        }
    }

    private int conclude(List<Problem> warnings, List<Problem> problems, int exports) {
        for (Problem warning : warnings) {
            print("warning: " + warning);
        }
        for (Problem problem : problems) {
            print(problem.toString());
        }
        if (!problems.isEmpty()) {
            return ExitStatus.REFUSED.code();
        }
        console.out().println(exports + (exports == 1 ? " export" : " exports") + ", no problem");
        return ExitStatus.OK.code();
    }
}
