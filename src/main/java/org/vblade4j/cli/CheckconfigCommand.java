// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.vblade4j.cli.common.Console;
import org.vblade4j.config.ConfigException;
import org.vblade4j.config.ConfigLoader;
import org.vblade4j.config.Configuration;
import org.vblade4j.config.ExportSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "checkconfig",
        description = {
            "Check the configuration files, and that the interfaces and devices in them can be"
                    + " used, without touching any export.",
            "Every problem is printed, a line each: file, line, value, what was expected."
        })
final class CheckconfigCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private ConfigFiles files;

    @Option(
            names = "--line",
            paramLabel = "LINE",
            description = "Check this conf.d value for the one named export, and nothing else.")
    private String line;

    @Option(
            names = "--files-only",
            description = "Check what the files say, not the interfaces and devices they name.")
    private boolean filesOnly;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Check the system's side of these exports only; the files as a whole.")
    private List<String> names = List.of();

    @Override
    public Integer call() throws ConfigException {
        Console console = new Console(spec.commandLine().getOut(), spec.commandLine().getErr());
        ConfigLoader loader = new ConfigLoader(files.confd(), files.settings());
        ConfigCheck check = new ConfigCheck(loader, console);
        if (line != null) {
            return check.line(onlyName(), line);
        }
        Configuration found = loader.load();
        return check.some(
                found,
                chosen(found),
                filesOnly ? ConfigCheck.Scope.FILES : ConfigCheck.Scope.SYSTEM);
    }

    private String onlyName() {
        if (names.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--line goes with exactly one name");
        }
        return names.get(0);
    }

    private List<ExportSpec> chosen(Configuration configuration) {
        List<ExportSpec> exports = configuration.exports();
        if (names.isEmpty()) {
            return exports;
        }
        List<String> known = exports.stream().map(ExportSpec::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), "no export '" + name + "' in " + files.confd());
            }
        }
        return exports.stream().filter(export -> names.contains(export.name())).toList();
    }
}
