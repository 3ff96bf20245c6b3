// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.DiskSamples;
import org.vblade4j.initiator.DiskSettings;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.Inquiry;
import org.vblade4j.initiator.RemoteDisk;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.ConfigFrame;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "conflicts",
        description = {
            "Find addresses that more than one disk answers for: on one network, on several, or"
                    + " behind one hardware address. Compares model, serial number, size and"
                    + " samples of the data; two blank disks that call themselves the same cannot"
                    + " be told apart.",
            "Exit status 1 when there is a conflict."
        })
final class ConflictsCommand extends AoeTool {
    private static final long ECHO_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** One that answers a query but not a read in this time is taken for another disk. */
    private static final DiskSettings PATIENCE =
            new DiskSettings(
                    4,
                    TimeUnit.MILLISECONDS.toNanos(20),
                    TimeUnit.MILLISECONDS.toNanos(500),
                    TimeUnit.SECONDS.toNanos(3));

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to listen for targets; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    private int conflicts;

    @Override
    void checkUsage() {
        nanoseconds("--timeout", timeoutSeconds);
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        Map<AoeAddress, List<DiskPath>> targets = new TreeMap<>();
        for (DiskPath path : initiator.discover(nanoseconds("--timeout", timeoutSeconds))) {
            targets.computeIfAbsent(path.target().address(), any -> new ArrayList<>()).add(path);
        }
        long startNs = System.nanoTime();
        int unasked = 0;
        for (List<DiskPath> paths : targets.values()) {
            for (DiskPath path : paths) {
                if (System.nanoTime() - startNs > ASKING_NS) {
                    unasked++;
                } else {
                    compare(paths.get(0), path);
                }
            }
        }
        tellOfUnasked(unasked);
        tellOfLeftOut(initiator);
        if (conflicts == 0 && !json()) {
            out().println(
                            targets.size()
                                    + (targets.size() == 1 ? " target" : " targets")
                                    + ", no conflict");
        }
        return conflicts == 0 ? ExitStatus.OK : ExitStatus.REFUSED;
    }

    private void compare(DiskPath first, DiskPath path) throws IOException {
        if (answersTwice(path)) {
            report(path, path, "answers twice: two targets behind one hardware address");
        }
        String difference = path.equals(first) ? "" : difference(first, path);
        if (!difference.isEmpty()) {
            report(first, path, difference);
        }
    }

    private static boolean answersTwice(DiskPath path) throws IOException {
        Inquiry inquiry = new Inquiry(path, System::nanoTime);
        inquiry.askOnce(
                Aoe.COMMAND_CONFIG,
                (buffer, offset) -> {
                    ConfigFrame.putRequest(buffer, offset, ConfigFrame.READ, 0);
                    return ConfigFrame.STRING_OFFSET;
                },
                ECHO_NS);
        path.port().await(ECHO_NS);
        inquiry.drain();
        return inquiry.duplicates() > 0;
    }

    /** In words, or nothing. */
    private static String difference(DiskPath first, DiskPath other) {
        if (first.target().mac() == other.target().mac()) {
            return "";
        }
        try (RemoteDisk one = RemoteDisk.open(List.of(first), PATIENCE);
                RemoteDisk two = RemoteDisk.open(List.of(other), PATIENCE)) {
            if (one.sectors() != two.sectors()) {
                return one.sectors() + " sectors and " + two.sectors();
            }
            if (!one.identity().serial().equals(two.identity().serial())) {
                return "serial numbers \""
                        + printable(one.identity().serial())
                        + "\" and \""
                        + printable(two.identity().serial())
                        + '"';
            }
            return DiskSamples.alike(one, two) ? "" : "other data";
        } catch (IOException e) {
            return "cannot be compared: " + e.getMessage();
        }
    }

    private void report(DiskPath first, DiskPath other, String difference) {
        conflicts++;
        AoeAddress address = first.target().address();
        if (json()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("address", address.toString());
            row.put("stations", List.of(station(first), station(other)));
            row.put("difference", difference);
            printJson(row);
        } else if (first.equals(other)) {
            out().println(address + ": " + station(first) + " " + difference);
        } else {
            out().println(
                            address
                                    + ": "
                                    + station(first)
                                    + " and "
                                    + station(other)
                                    + " are two disks: "
                                    + difference);
        }
    }

    private static String station(DiskPath path) {
        return Mac.format(path.target().mac()) + " on " + path.interfaceName();
    }
}
