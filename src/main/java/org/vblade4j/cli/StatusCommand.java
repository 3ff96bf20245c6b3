// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.control.Answer;
import org.vblade4j.control.TextAnswer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "status",
        description = {
            "Show exports: state, address, interface, size, device and what went wrong.",
            "With names the status is 3 unless all of them are started; without, when one has"
                    + " crashed or was given up."
        })
final class StatusCommand extends ControlCommand {
    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Only these exports; without names, all.")
    private List<String> names = List.of();

    @Option(names = "--json", description = HelpTexts.JSON)
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("status", names);
        if (!json) {
            return print("status", names, answer);
        }
        answer.rows().forEach(out()::println);
        return answer.ok()
                ? TextAnswer.of("status", names, answer.parsedRows()).status()
                : outcome(answer);
    }
}
