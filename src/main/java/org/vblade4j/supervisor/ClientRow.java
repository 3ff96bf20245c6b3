// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vblade4j.target.StationActivity;
import org.vblade4j.wire.Mac;

/** Stations that an export has seen, a row of an answer each, the latest first. */
final class ClientRow {
    private ClientRow() {}

    static List<Map<String, Object>> of(ManagedExport export, Instant now) {
        List<StationActivity> seen = new ArrayList<>(export.activities());
        seen.sort(
                Comparator.comparingLong(StationActivity::lastSeenNs)
                        .thenComparingLong(StationActivity::mac));
        return seen.stream().map(station -> row(export.name(), station, now)).toList();
    }

    private static Map<String, Object> row(String name, StationActivity station, Instant now) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", name);
        row.put("mac", station.mac() == 0 ? "others" : Mac.format(station.mac()));
        row.put("first_seen", time(now, station.firstSeenNs()));
        row.put("last_seen", time(now, station.lastSeenNs()));
        row.put("idle_seconds", TimeUnit.NANOSECONDS.toSeconds(station.lastSeenNs()));
        row.put("discovers", station.discovers());
        row.put("reads", station.reads());
        row.put("read_sectors", station.readSectors());
        row.put("writes", station.writes());
        row.put("written_sectors", station.writtenSectors());
        row.put("configs", station.configs());
        row.put("refused", station.refused());
        row.put("dropped", station.dropped());
        return row;
    }

    private static String time(Instant now, long agoNs) {
        return now.minusNanos(agoNs).truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
