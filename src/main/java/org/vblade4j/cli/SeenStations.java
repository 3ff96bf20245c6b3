// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The stations that one export has seen, as settings that allow what they did. */
final class SeenStations {
    /** Which right what a station did needs. */
    private static final Map<String, String> RIGHTS =
            Map.of(
                    "discover", "discovers",
                    "read", "reads",
                    "write", "writes",
                    "config", "configs");

    private static final List<String> ORDER = List.of("discover", "read", "write", "config");

    private final String export;
    private final List<Map<String, Object>> rows = new ArrayList<>();

    private SeenStations(String export) {
        this.export = export;
    }

    /** Those that have a name of their own, by export, in the order of the answer. */
    static Collection<SeenStations> by(List<Map<String, Object>> rows) {
        Map<String, SeenStations> exports = new LinkedHashMap<>();
        for (Map<String, Object> row : rows) {
            SeenStations seen =
                    exports.computeIfAbsent(row.get("name").toString(), SeenStations::new);
            if (!row.get("mac").equals("others")) {
                seen.rows.add(row);
            }
        }
        return exports.values();
    }

    void printSettings(PrintWriter out) {
        out.println("# What stations were seen to do with " + export + ". For an export that is");
        out.println("# defined in this file, write exports in place of overrides.");
        out.println("vblade4j.overrides." + export + ".access {");
        out.println("  default = []");
        out.println("  allow {");
        for (String right : ORDER) {
            String macs =
                    rows.stream()
                            .filter(row -> count(row, RIGHTS.get(right)) > 0)
                            .map(row -> '"' + row.get("mac").toString() + '"')
                            .sorted()
                            .collect(Collectors.joining(", "));
            out.println("    " + right + " = [" + macs + "]");
        }
        out.println("  }");
        out.println("}");
    }

    void printMask(PrintWriter out) {
        String macs =
                rows.stream()
                        .filter(row -> ORDER.stream().anyMatch(r -> count(row, RIGHTS.get(r)) > 0))
                        .map(row -> row.get("mac").toString())
                        .sorted()
                        .collect(Collectors.joining(","));
        out.println("# config_" + export);
        out.println(macs.isEmpty() ? "# nobody was served" : "-m " + macs);
    }

    private static long count(Map<String, Object> row, String column) {
        return row.get(column) instanceof Number number ? number.longValue() : 0;
    }
}
