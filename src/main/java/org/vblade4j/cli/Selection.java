// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Exports to act on: named ones, or all on purpose. */
final class Selection {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "The exports.")
    private List<String> names = List.of();

    @Option(names = "--all", description = "All exports that are configured or running.")
    private boolean all;

    /** The names for the supervisor, to which none means all. */
    List<String> names() {
        if (all && !names.isEmpty()) {
            throw refuse("either --all or names, not both");
        }
        if (!all && names.isEmpty()) {
            throw refuse("which exports? give their names, or --all");
        }
        return names;
    }

    ParameterException refuse(String message) {
        return new ParameterException(command.commandLine(), message);
    }
}
