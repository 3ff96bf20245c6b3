// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.vblade4j.config.ExportSpec;
import org.vblade4j.export.ExportStatus;
import org.vblade4j.metrics.Counter;
import org.vblade4j.metrics.Counters;
import org.vblade4j.wire.Mac;

/** An export as a row of a status answer. What only a running export has is left out otherwise. */
final class StatusRow {
    private StatusRow() {}

    static Map<String, Object> of(ManagedExport export, Instant now) {
        ExportSpec spec = export.spec();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", export.name());
        row.put("state", export.state().label());
        row.put("address", spec.address().toString());
        row.put("interface", spec.interfaceName());
        row.put("device", spec.device().toString());
        row.put("pid", ProcessHandle.current().pid());
        row.put("since", export.since().truncatedTo(ChronoUnit.SECONDS).toString());
        row.put("state_seconds", Math.max(0, Duration.between(export.since(), now).toSeconds()));
        row.put("restarts", export.restarts());
        row.put("last_error", export.lastError());
        export.status().ifPresent(status -> add(row, status));
        return row;
    }

    private static void add(Map<String, Object> row, ExportStatus status) {
        row.put("sectors", status.sectors());
        row.put("open_mode", status.openMode());
        row.put("durability", status.durability());
        row.put("engine", status.engine());
        row.put("mac", Mac.format(status.mac()));
        row.put("mtu", status.mtuBytes());
        row.put("threads", status.threads());
        row.put("spin_us", status.spinUs());
        row.put("waiting_for", status.waitingFor());
        if (status.rivalMac() != 0) {
            row.put("address_conflict", Mac.format(status.rivalMac()));
        }
        row.put("counters", counters(status.counters()));
    }

    private static Map<String, Object> counters(Counters counters) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Counter counter : Counter.values()) {
            values.put(counter.label(), counters.value(counter));
        }
        return values;
    }
}
