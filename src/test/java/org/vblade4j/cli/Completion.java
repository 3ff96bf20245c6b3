// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A bash completion for one program, from its model. Unlike picocli's own generator it knows
 * exports, interfaces and files by what an argument is called, and starts no JVM.
 */
final class Completion {
    private static final String HEAD =
            """
            # bash completion for PROGRAM. Generated from the program's own model: see HACKING.md.
            # shellcheck shell=bash

            EXPORTS_FUNCTION_PROGRAM() {
                local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
                local command=
            """;

    private static final String EXPORTS =
            """
            _PROGRAM_exports() {
                sed -n 's/^[[:blank:]]*\\(export[[:blank:]]\\+\\)\\{0,1\\}config_\\([A-Za-z0-9_]*\\)=.*/\\2/p' \\
                    /etc/conf.d/vblade 2>/dev/null
            }

            """;

    private final String name;
    private final CommandSpec program;

    Completion(CommandLine program) {
        this.program = program.getCommandSpec();
        this.name = this.program.name();
    }

    String script() {
        String exports = takesExports() ? EXPORTS : "";
        String head = HEAD.replace("EXPORTS_FUNCTION", exports).replace("PROGRAM", name);
        StringBuilder script = new StringBuilder(head);
        if (!program.subcommands().isEmpty()) {
            findCommand(script);
        }
        script.append("    case $command,$before in\n");
        optionArguments(script, "*", program);
        program.subcommands()
                .forEach((word, sub) -> optionArguments(script, word, sub.getCommandSpec()));
        script.append("    esac\n    case $command,$word in\n");
        words(script, "", program);
        program.subcommands().forEach((word, sub) -> words(script, word, sub.getCommandSpec()));
        script.append("    esac\n}\ncomplete -F _").append(name).append(' ').append(name);
        return script.append('\n').toString();
    }

    private boolean takesExports() {
        return program.subcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().positionalParameters().stream())
                .anyMatch(operand -> operand.paramLabel().equals("NAME"));
    }

    private void findCommand(StringBuilder script) {
        String commands = String.join(" | ", program.subcommands().keySet());
        script.append("    local i\n    for ((i = 1; i < COMP_CWORD; i++)); do\n")
                .append("        case ${COMP_WORDS[i]} in\n        ")
                .append(commands)
                .append(")\n            command=${COMP_WORDS[i]}\n            break\n")
                .append("            ;;\n        esac\n    done\n");
    }

    /** What may stand after an option that takes an argument. */
    private void optionArguments(StringBuilder script, String command, CommandSpec spec) {
        List<String> open = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            if (spec != program && program.findOption(option.longestName()) != null) {
                continue; // the program's own branch stands for both
            }
            String pattern =
                    List.of(option.names()).stream()
                            .map(flag -> command + "," + flag)
                            .collect(Collectors.joining(" | "));
            if (option.arity().max() > 0 && candidates(option).isEmpty()) {
                open.add(pattern);
            } else if (option.arity().max() > 0) {
                branch(script, pattern, candidates(option));
            }
        }
        if (!open.isEmpty()) {
            script.append("    ").append(String.join(" | ", open));
            script.append(")\n        return\n        ;;\n");
        }
    }

    private void words(StringBuilder script, String command, CommandSpec spec) {
        String flags =
                spec.options().stream()
                        .flatMap(option -> List.of(option.names()).stream())
                        .collect(Collectors.joining(" "));
        branch(script, command + ",-*", "-W '" + flags + "'");
        List<String> operands = new ArrayList<>();
        spec.positionalParameters().forEach(operand -> operands.add(candidates(operand)));
        if (!spec.subcommands().isEmpty()) {
            operands.add("-W '" + String.join(" ", spec.subcommands().keySet()) + "'");
        }
        operands.removeIf(String::isEmpty);
        if (!operands.isEmpty()) {
            branch(script, command + ",*", String.join(" ", operands));
        }
    }

    private static void branch(StringBuilder script, String pattern, String candidates) {
        script.append("    ").append(pattern).append(")\n");
        if (candidates.equals("-f") || candidates.equals("-d")) {
            script.append("        compopt -o filenames 2>/dev/null\n");
        }
        script.append("        mapfile -t COMPREPLY < <(compgen ");
        script.append(candidates).append(" -- \"$word\")\n");
        script.append("        return\n        ;;\n");
    }

    private String candidates(ArgSpec argument) {
        if (argument.type().isEnum()) {
            String words =
                    Stream.of(argument.type().getEnumConstants())
                            .map(Object::toString)
                            .collect(Collectors.joining(" "));
            return "-W '" + words + "'";
        }
        return switch (argument.paramLabel()) {
            case "FILE", "PATH", "filename" -> "-f";
            case "DIR" -> "-d";
            case "NAME" -> "-W \"$(_" + name + "_exports)\"";
            case "INTERFACE", "netif" -> "-W \"$(ls /sys/class/net)\"";
            default -> "";
        };
    }
}
