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
        name = "list",
        description = "Print the names of the exports that are configured or running, one a line.")
final class ListCommand extends ControlCommand {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only these exports.")
    private List<String> names = List.of();

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("list", names);
        if (!json) {
            return print("list", names, answer);
        }
        answer.rows().forEach(out()::println);
        return outcome(answer);
    }
}
