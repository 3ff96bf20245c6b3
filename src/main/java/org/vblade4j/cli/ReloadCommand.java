// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.control.Answer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "reload",
        description = {
            "Read the configuration again: running exports that changed are restarted, those that"
                    + " are gone are stopped, the rest is not touched.",
            "With a mistake anywhere in the files nothing changes at all."
        })
final class ReloadCommand extends ControlCommand {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Only these exports; without names, all.")
    private List<String> names = List.of();

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("reload", names);
        if (!json) {
            return print("reload", names, answer);
        }
        answer.rows().forEach(out()::println);
        return outcome(answer);
    }
}
