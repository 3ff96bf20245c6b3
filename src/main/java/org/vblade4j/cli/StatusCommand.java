// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.vblade4j.control.Answer;
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

    @Option(names = "--json", description = JSON_HELP)
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("status", names);
        if (!answer.ok()) {
            return outcome(answer);
        }
        List<Map<String, Object>> rows = answer.parsedRows();
        if (json) {
            answer.rows().forEach(out()::println);
        } else {
            StatusTable.print(rows, out());
        }
        boolean running = rows.stream().allMatch(this::asWanted);
        return (running ? ExitStatus.OK : ExitStatus.NOT_RUNNING).code();
    }

    private boolean asWanted(Map<String, Object> row) {
        Object state = row.get("state");
        return names.isEmpty()
                ? !state.equals("crashed") && !state.equals("failed")
                : state.equals("started");
    }
}
