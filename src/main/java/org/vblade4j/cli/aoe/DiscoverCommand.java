// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.FoundTarget;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "discover",
        description = "Print the targets that answer, a line for each station and interface.")
final class DiscoverCommand extends AoeTool {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to listen for answers; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    @Override
    void checkUsage() {
        nanoseconds("--timeout", timeoutSeconds);
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> found = initiator.discover(nanoseconds("--timeout", timeoutSeconds));
        for (DiskPath path : found) {
            if (json()) {
                printJson(object(path));
            } else {
                out().println(line(path));
            }
        }
        tellOfLeftOut(initiator);
        if (found.isEmpty() && !json()) {
            err().println("no target answers on " + initiator.names());
        }
        return ExitStatus.OK;
    }

    private static String line(DiskPath path) {
        FoundTarget target = path.target();
        String string = target.configString();
        return String.format(
                "%-10s %s  %s  %d buffers, %d sectors a request%s",
                target.address(),
                Mac.format(target.mac()),
                path.interfaceName(),
                target.bufferCount(),
                target.maxSectors(),
                string.isEmpty() ? "" : ", \"" + printable(string) + '"');
    }

    private static Map<String, Object> object(DiskPath path) {
        Map<String, Object> row = AddressTool.row(path);
        row.put("buffers", path.target().bufferCount());
        row.put("firmware", path.target().firmware());
        row.put("max_sectors", path.target().maxSectors());
        row.put("config", path.target().configString());
        return row;
    }
}
