// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.config.DebianExports;
import org.vblade4j.config.ImportedExports;
import org.vblade4j.config.PersistExports;
import org.vblade4j.config.VbladeArgs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "import",
        description = {
            "Print the exports of Debian's vblade package, or of vblade-persist, as conf.d lines.",
            "Nothing is changed; what cannot be taken over is said on stderr."
        })
final class ImportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..*",
            description =
                    "Where their files are; without, /etc/vblade.conf.d and"
                            + " /var/lib/vblade-persist/vblades as far as they exist.")
    private List<Path> directories = List.of();

    @Override
    public Integer call() throws IOException {
        List<Path> chosen = directories;
        if (chosen.isEmpty()) {
            chosen =
                    Stream.of(DebianExports.DIRECTORY, PersistExports.DIRECTORY)
                            .filter(Files::isDirectory)
                            .toList();
        }
        boolean complete = true;
        for (Path directory : chosen) {
            ImportedExports imported =
                    PersistExports.isAt(directory)
                            ? PersistExports.read(directory)
                            : DebianExports.read(directory);
            print(imported);
            complete &= imported.problems().isEmpty();
        }
        return (complete ? ExitStatus.OK : ExitStatus.REFUSED).code();
    }

    private void print(ImportedExports imported) {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        imported.exports()
                .forEach(
                        export -> {
                            out.println("# " + export.origin());
                            out.println(VbladeArgs.toAssignment(export));
                        });
        imported.warnings().forEach(warning -> err.println("warning: " + warning));
        imported.problems().forEach(err::println);
    }
}
