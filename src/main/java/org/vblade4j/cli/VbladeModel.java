// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.Locale;
import org.vblade4j.config.VbladeArgs;
import org.vblade4j.config.VbladeLongOptions;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** vblade's and vbladed's arguments as a picocli model, made from {@link VbladeArgs}. */
final class VbladeModel {
    private VbladeModel() {}

    static CommandSpec of(String name) {
        CommandSpec spec = CommandSpec.create().name(name);
        for (VbladeArgs.Option option : VbladeArgs.OPTIONS) {
            spec.addOption(option(option));
        }
        for (VbladeLongOptions.Option option : VbladeLongOptions.OPTIONS) {
            spec.addOption(
                    OptionSpec.builder(option.name())
                            .type(String.class)
                            .paramLabel(option.argument())
                            .description(sentence(option.help()))
                            .build());
        }
        spec.addOption(
                OptionSpec.builder("--help")
                        .usageHelp(true)
                        .description("Show this help message and exit.")
                        .build());
        spec.addOption(
                OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("Print version information and exit.")
                        .build());
        for (int i = 0; i < VbladeArgs.OPERANDS.size(); i++) {
            spec.addPositional(operand(i));
        }
        spec.usageMessage()
                .description(
                        name.equals("vbladed")
                                ? "Serves one disk over ATA over Ethernet, in the background."
                                : "Serves one disk over ATA over Ethernet, in the foreground.");
        return spec;
    }

    private static OptionSpec option(VbladeArgs.Option option) {
        OptionSpec.Builder builder =
                OptionSpec.builder("-" + option.letter()).description(sentence(option.help()));
        return option.hasArgument()
                ? builder.type(String.class).paramLabel(option.argument()).build()
                : builder.build();
    }

    private static PositionalParamSpec operand(int index) {
        String name = VbladeArgs.OPERANDS.get(index);
        String help =
                switch (name) {
                    case "shelf" -> "The major part of the address, 0 to 65534.";
                    case "slot" -> "The minor part of the address, 0 to 254.";
                    case "netif" -> "The network interface.";
                    default -> "The block device or regular file that is served.";
                };
        return PositionalParamSpec.builder()
                .index(Integer.toString(index))
                .arity("1")
                .required(true)
                .type(String.class)
                .paramLabel(name)
                .description(help)
                .build();
    }

    private static String sentence(String help) {
        return help.substring(0, 1).toUpperCase(Locale.ROOT) + help.substring(1) + ".";
    }
}
