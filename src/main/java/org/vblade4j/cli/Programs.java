// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.Map;
import org.vblade4j.cli.aoe.AoeCommand;
import org.vblade4j.cli.common.Console;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.transfer.ByteSize;
import org.vblade4j.cli.transfer.DdPlace;
import org.vblade4j.wire.AoeAddress;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.TypeConversionException;

/** The command lines as picocli models; help, parsing, completion and man pages all read these. */
final class Programs {
    private Programs() {}

    static CommandLine vblade4j(Console console) {
        CommandLine program = new CommandLine(new Vblade4jCommand());
        finish(program, console, ExitStatus.table(ExitStatus::endsVblade4j));
        return program;
    }

    static CommandLine aoe(Console console) {
        CommandLine program = new CommandLine(new AoeCommand());
        finish(program, console, ExitStatus.table(ExitStatus::endsAoe));
        return program;
    }

    /** The model of vblade and vbladed is for reading only: VbladeArgs parses their arguments. */
    static CommandLine vblade(String name, Console console) {
        CommandLine program = new CommandLine(VbladeModel.of(name));
        finish(program, console, ExitStatus.table(ExitStatus::endsAnyProgram));
        return program;
    }

    private static void finish(CommandLine program, Console console, Map<String, String> statuses) {
        complete(program, statuses);
        program.getSubcommands().values().forEach(command -> complete(command, statuses));
        program.registerConverter(AoeAddress.class, Programs::address);
        program.setCaseInsensitiveEnumValuesAllowed(true);
        program.registerConverter(DdPlace.class, DdPlace::new);
        program.registerConverter(ByteSize.class, ByteSize::parse);
        program.setOut(console.out());
        program.setErr(console.err());
        program.setParameterExceptionHandler(new UsageErrors());
        program.setExecutionExceptionHandler(new Failures());
    }

    private static AoeAddress address(String word) {
        String expected = "'" + word + "' is no address, expected eSHELF.SLOT such as e1.0";
        return AoeAddress.parse(word).orElseThrow(() -> new TypeConversionException(expected));
    }

    private static void complete(CommandLine command, Map<String, String> statuses) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.userObject() != null) {
            spec.mixinStandardHelpOptions(true); // vblade's model has its own, without -h and -V
        }
        spec.versionProvider(new Version());
        spec.usageMessage()
                .width(90)
                .sortOptions(false)
                .exitCodeListHeading("%nExit status:%n")
                .exitCodeList(statuses);
    }
}
