// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Status rows for people: aligned columns, and under an export what is wrong with it. */
public final class StatusTable {
    private static final List<String> HEAD =
            List.of("NAME", "STATE", "ADDRESS", "INTERFACE", "SIZE", "MODE", "FOR", "DEVICE");
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int SECTORS_PER_KIB = 2;

    private StatusTable() {}

    static List<String> lines(List<Map<String, Object>> rows) {
        if (rows.isEmpty()) {
            return List.of("no exports");
        }
        List<List<String>> table = new ArrayList<>();
        table.add(HEAD);
        rows.forEach(row -> table.add(cells(row)));
        int[] widths = widths(table);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < table.size(); i++) {
            lines.add(line(table.get(i), widths));
            if (i > 0 && !text(rows.get(i - 1), "waiting_for").equals("-")) {
                lines.add("    waiting for " + text(rows.get(i - 1), "waiting_for"));
            }
            if (i > 0 && !rows.get(i - 1).get("state").equals("started")) {
                Object error = rows.get(i - 1).getOrDefault("last_error", "");
                error.toString().lines().forEach(text -> lines.add("    " + text));
            }
            Object rival = i > 0 ? rows.get(i - 1).get("address_conflict") : null;
            if (rival != null) {
                lines.add("    " + rival + " answers under the same address");
            }
        }
        return lines;
    }

    private static List<String> cells(Map<String, Object> row) {
        return List.of(
                text(row, "name"),
                text(row, "state"),
                text(row, "address"),
                text(row, "interface"),
                row.get("sectors") instanceof Number sectors ? size(sectors.longValue()) : "-",
                text(row, "open_mode"),
                row.get("state_seconds") instanceof Number age ? age(age.longValue()) : "-",
                text(row, "device"));
    }

    private static String text(Map<String, Object> row, String key) {
        Object value = row.get(key);
        return value == null || value.toString().isEmpty() ? "-" : value.toString();
    }

    /** Three digits are enough to tell disks apart: 512 KiB, 1.5 MiB, 20 GiB. */
    public static String size(long sectors) {
        double value = (double) sectors / SECTORS_PER_KIB;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = value == Math.rint(value) || value >= 100;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** How long an export has been in its state, in its two largest units. */
    static String age(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        long hours = seconds / 3600;
        return hours < 24
                ? hours + "h" + seconds / 60 % 60 + "m"
                : hours / 24 + "d" + hours % 24 + "h";
    }

    private static int[] widths(List<List<String>> table) {
        int[] widths = new int[HEAD.size()];
        for (List<String> cells : table) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], cells.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            line.append(cell).append(" ".repeat(widths[i] - cell.length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
