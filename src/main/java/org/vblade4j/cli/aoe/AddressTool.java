// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.initiator.NoTargetException;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Option;

/** What the commands share that ask the stations of one address, each for itself. */
abstract class AddressTool extends AoeTool {
    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long to wait for an answer; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    final long timeoutNs() {
        return nanoseconds("--timeout", timeoutSeconds);
    }

    @Override
    void checkUsage() {
        timeoutNs();
    }

    /** All ways to the address. */
    final List<DiskPath> paths(Initiator initiator, AoeAddress address) throws IOException {
        List<DiskPath> paths = initiator.find(address, timeoutNs());
        if (paths.isEmpty()) {
            throw new NoTargetException(address + " does not answer on " + initiator.names());
        }
        return paths;
    }

    /** The stations that answer for the address: one way to each. */
    final List<DiskPath> stations(Initiator initiator, AoeAddress address) throws IOException {
        Set<Long> macs = new HashSet<>();
        List<DiskPath> stations = new ArrayList<>(paths(initiator, address));
        stations.removeIf(path -> !macs.add(path.target().mac()));
        return stations;
    }

    /** Leads a line when several stations answer. */
    static String lead(DiskPath path, List<DiskPath> stations) {
        String mac = "\t" + Mac.format(path.target().mac());
        return path.target().address() + (stations.size() > 1 ? mac : "");
    }

    /** A row that says which station it is about. */
    static Map<String, Object> row(DiskPath path) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", path.target().address().toString());
        row.put("interface", path.interfaceName());
        row.put("mac", Mac.format(path.target().mac()));
        return row;
    }
}
