// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Fills a hand-written mdoc(7) page with what the program's own model says. Lines of the template
 * that are replaced: {@code @SYNOPSIS@}, {@code @OPTIONS@}, {@code @COMMANDS@} and
 * {@code @EXITSTATUS@}.
 */
final class ManPage {
    private final CommandLine program;

    ManPage(CommandLine program) {
        this.program = program;
    }

    String fill(String template) {
        StringBuilder page = new StringBuilder();
        for (String line : template.lines().toList()) {
            page.append(
                    switch (line) {
                        case "@SYNOPSIS@" -> synopsis();
                        case "@OPTIONS@" -> options(program.getCommandSpec());
                        case "@COMMANDS@" -> commands();
                        case "@EXITSTATUS@" -> exitStatus();
                        default -> line + "\n";
                    });
        }
        return page.toString();
    }

    private String synopsis() {
        CommandSpec spec = program.getCommandSpec();
        String page = ".Nm " + spec.name() + "\n" + brackets(spec);
        return spec.subcommands().isEmpty() ? page : page + ".Ar command\n.Op Ar argument ...\n";
    }

    /** One macro line an argument, as a SYNOPSIS wants them. */
    private static String brackets(CommandSpec spec) {
        StringBuilder lines = new StringBuilder();
        for (OptionSpec option : shown(spec)) {
            String flag = flag(option);
            lines.append(option.required() ? "." : ".Op ").append(flag).append('\n');
        }
        for (PositionalParamSpec operand : spec.positionalParameters()) {
            boolean many = operand.arity().max() > 1;
            String name = "Ar " + operand.paramLabel() + (many ? " ..." : "");
            lines.append(operand.required() ? "." : ".Op ").append(name).append('\n');
        }
        return lines.toString();
    }

    private String options(CommandSpec spec) {
        return table(spec.options(), List.of());
    }

    private String commands() {
        StringBuilder list = new StringBuilder(".Bl -tag -width Ds\n");
        for (CommandLine command : program.getSubcommands().values()) {
            CommandSpec spec = command.getCommandSpec();
            List<OptionSpec> own = new ArrayList<>(shown(spec));
            own.removeIf(
                    option -> program.getCommandSpec().findOption(option.longestName()) != null);
            List<PositionalParamSpec> operands = spec.positionalParameters();
            list.append(".It Cm ").append(spec.name()).append(words(own, operands)).append('\n');
            list.append(sentences(spec.usageMessage().description()));
            list.append(table(own, operands));
        }
        return list.append(".El\n").toString();
    }

    /** All arguments on one line, as a list's head wants them. */
    private static String words(List<OptionSpec> options, List<PositionalParamSpec> operands) {
        StringBuilder words = new StringBuilder();
        for (OptionSpec option : options) {
            String flag = flag(option);
            words.append(option.required() ? " " + flag : " Oo " + flag + " Oc");
        }
        for (PositionalParamSpec operand : operands) {
            String name = "Ar " + operand.paramLabel() + (operand.arity().max() > 1 ? " ..." : "");
            words.append(operand.required() ? " " + name : " Oo " + name + " Oc");
        }
        return words.toString();
    }

    private static String table(
            Collection<OptionSpec> options, List<PositionalParamSpec> operands) {
        if (options.isEmpty() && operands.isEmpty()) {
            return "";
        }
        StringBuilder list = new StringBuilder(".Bl -tag -width Ds\n");
        for (OptionSpec option : options) {
            list.append(".It ").append(flag(option)).append('\n').append(described(option));
        }
        for (PositionalParamSpec operand : operands) {
            list.append(".It Ar ").append(operand.paramLabel()).append('\n');
            list.append(described(operand));
        }
        return list.append(".El\n").toString();
    }

    private String exitStatus() {
        StringBuilder list = new StringBuilder(".Bl -tag -width Ds\n");
        Map<String, String> statuses = program.getCommandSpec().usageMessage().exitCodeList();
        statuses.forEach(
                (code, meaning) ->
                        list.append(".It ").append(code).append('\n').append(text(meaning)));
        return list.append(".El\n").toString();
    }

    /** Help and version are everywhere, and would hide the rest. */
    private static List<OptionSpec> shown(CommandSpec spec) {
        return spec.options().stream()
                .filter(option -> !option.usageHelp() && !option.versionHelp())
                .toList();
    }

    private static String flag(OptionSpec option) {
        String argument = option.arity().max() == 0 ? "" : " Ar " + option.paramLabel();
        return List.of(option.names()).stream()
                .map(name -> "Fl " + name.substring(1) + argument)
                .collect(Collectors.joining(" , "));
    }

    private static String described(ArgSpec argument) {
        String value = argument.defaultValue() == null ? "" : argument.defaultValue();
        return sentences(
                List.of(argument.description()).stream()
                        .map(line -> line.replace("${DEFAULT-VALUE}", value))
                        .toArray(String[]::new));
    }

    private static String sentences(String[] lines) {
        StringBuilder text = new StringBuilder();
        for (String line : lines) {
            text.append(text(line));
        }
        return text.toString();
    }

    /** A new sentence starts a new line, and nothing is a macro by accident. */
    private static String text(String line) {
        return line.replace("\\", "\\e")
                        .replaceAll("(?<=[.]) +(?=[A-Z])", "\n")
                        .replaceAll("(?m)^(?=[.'])", "\\\\&")
                + "\n";
    }
}
