// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.TargetControl;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "identify",
        description = "Print what a target's disk says of itself in answer to IDENTIFY DEVICE.")
final class IdentifyCommand extends AddressTool {
    private static final int LINE_BYTES = 16;

    @Option(
            names = "--raw",
            description = "Print the 512 bytes in hexadecimal, 16 a line; in JSON, one string.")
    private boolean raw;

    @Parameters(paramLabel = "eSHELF.SLOT", description = "The target.")
    private AoeAddress address;

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<DiskPath> stations = stations(initiator, address);
        for (DiskPath path : stations) {
            byte[] page = new TargetControl(path, timeoutNs()).identify();
            if (json()) {
                Map<String, Object> row = row(path);
                if (raw) {
                    row.put("page", HexFormat.of().formatHex(page));
                } else {
                    row.putAll(new IdentifyFields(page).values());
                }
                printJson(row);
                continue;
            }
            if (stations.size() > 1 || !raw) {
                String where = Mac.format(path.target().mac()) + " on " + path.interfaceName();
                out().println(address + " at " + where);
            }
            if (raw) {
                dump(page);
            } else {
                new IdentifyFields(page)
                        .values()
                        .forEach((name, value) -> out().println(line(name, value)));
            }
        }
        return ExitStatus.OK;
    }

    private static String line(String name, Object value) {
        String said = value instanceof Boolean yes ? (yes ? "yes" : "no") : value.toString();
        return String.format("  %-22s %s", name.replace('_', ' '), printable(said));
    }

    private void dump(byte[] page) {
        HexFormat hex = HexFormat.ofDelimiter(" ");
        for (int at = 0; at < page.length; at += LINE_BYTES) {
            out().println(hex.formatHex(page, at, at + LINE_BYTES));
        }
    }
}
