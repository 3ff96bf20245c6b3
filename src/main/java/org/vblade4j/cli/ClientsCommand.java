// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.cli.common.HelpTexts;
import org.vblade4j.control.Answer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "clients",
        description = {
            "Show which stations each export has seen since it was started, and what they did.",
            "At most 1024 are kept apart beside those that the configuration names; the rest is"
                    + " counted together as others."
        })
final class ClientsCommand extends ControlCommand {
    private static final List<String> COLUMNS =
            List.of("discovers", "reads", "writes", "configs", "refused", "dropped");

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "Only these exports; without names, all.")
    private List<String> names = List.of();

    @ArgGroup private Format format;

    /** At most one. */
    static final class Format {
        @Option(names = "--json", description = HelpTexts.JSON)
        private boolean json;

        @Option(
                names = "--acl",
                description =
                        "Print settings for vblade4j.conf that allow what was seen, and only that.")
        private boolean acl;

        @Option(
                names = "--acl-confd",
                description = "Print the option -m of a conf.d line, with all that were served.")
        private boolean confd;
    }

    @Override
    public Integer call() throws IOException {
        Answer answer = ask("clients", names);
        if (!answer.ok()) {
            return outcome(answer);
        }
        if (format != null && format.json) {
            answer.rows().forEach(out()::println);
        } else if (format != null && format.acl) {
            SeenStations.by(answer.parsedRows()).forEach(seen -> seen.printSettings(out()));
        } else if (format != null && format.confd) {
            SeenStations.by(answer.parsedRows()).forEach(seen -> seen.printMask(out()));
        } else {
            print(answer.parsedRows(), out());
        }
        return ExitStatus.OK.code();
    }

    private static void print(List<Map<String, Object>> rows, PrintWriter out) {
        if (rows.isEmpty()) {
            out.println("no clients");
            return;
        }
        out.printf("%-16s %-17s %-20s %-20s", "NAME", "MAC", "FIRST SEEN", "LAST SEEN");
        COLUMNS.forEach(column -> out.printf(" %10s", column.toUpperCase(java.util.Locale.ROOT)));
        out.println();
        for (Map<String, Object> row : rows) {
            out.printf(
                    "%-16s %-17s %-20s %-20s",
                    row.get("name"), row.get("mac"), row.get("first_seen"), row.get("last_seen"));
            COLUMNS.forEach(column -> out.printf(" %10s", row.get(column)));
            out.println();
        }
    }
}
