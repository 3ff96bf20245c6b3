// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

/** All paths to one address, and what does not fit together about them; in aoe-sancheck's words. */
record SancheckDevice(AoeAddress address, List<SancheckPath> paths) {
    static List<SancheckDevice> group(List<SancheckPath> paths) {
        Map<AoeAddress, List<SancheckPath>> groups = new TreeMap<>();
        for (SancheckPath path : paths) {
            AoeAddress address = path.path().target().address();
            groups.computeIfAbsent(address, any -> new ArrayList<>()).add(path);
        }
        List<SancheckDevice> devices = new ArrayList<>();
        groups.forEach((address, group) -> devices.add(new SancheckDevice(address, group)));
        return devices;
    }

    private long stations() {
        return paths.stream().map(path -> path.mac()).distinct().count();
    }

    private List<String> interfaces() {
        return paths.stream().map(path -> path.interfaceName()).distinct().toList();
    }

    /** What the station of the last path says that it can do: the original's idea, so ours. */
    private int payloadBytes() {
        return paths.get(paths.size() - 1).path().target().maxSectors() * Aoe.SECTOR_BYTES;
    }

    private int largestMtuBytes() {
        return paths.stream().mapToInt(SancheckPath::mtuBytes).max().orElseThrow();
    }

    String line() {
        return String.format(
                "%s\t%4d\t%d\t%s",
                address, stations(), payloadBytes(), String.join(",", interfaces()));
    }

    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        if (stations() != interfaces().size()) {
            warnings.add("Mismatched number of local vs remote interfaces");
        }
        for (SancheckPath path : paths) {
            if (path.sectors() < path.promisedSectors()) {
                warnings.add(
                        String.format(
                                "The path %s->%s is only capable of %d byte payloads",
                                path.interfaceName(),
                                path.bareMac(),
                                path.sectors() * Aoe.SECTOR_BYTES));
            }
        }
        for (String name : interfaces()) {
            interfaceWarnings(name, warnings);
        }
        return warnings;
    }

    private void interfaceWarnings(String name, List<String> warnings) {
        SancheckPath path =
                paths.stream()
                        .filter(one -> one.interfaceName().equals(name))
                        .findFirst()
                        .orElseThrow();
        int mtu = path.mtuBytes();
        int largest = largestMtuBytes();
        if (path.promisedSectors() * Aoe.SECTOR_BYTES < payloadBytes()) {
            warnings.add(
                    name + ": MTU (" + mtu + ") not set optimally for device's capable payload");
        }
        if (mtu != largest) {
            warnings.add(
                    name
                            + ": MTU different from other interfaces ("
                            + mtu
                            + " vs. "
                            + largest
                            + ")");
        }
    }

    Map<String, Object> values() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("device", address.toString());
        row.put("payload", payloadBytes());
        List<Map<String, Object>> ways = new ArrayList<>();
        for (SancheckPath path : paths) {
            Map<String, Object> way = new LinkedHashMap<>();
            way.put("interface", path.interfaceName());
            way.put("mtu", path.mtuBytes());
            way.put("mac", Mac.format(path.mac()));
            way.put("max_sectors", path.path().target().maxSectors());
            way.put("sectors", path.sectors());
            ways.add(way);
        }
        row.put("paths", ways);
        row.put("warnings", warnings());
        return row;
    }
}
