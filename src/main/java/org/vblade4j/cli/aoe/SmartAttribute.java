// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One of the 30 attributes in SMART data, which every vendor lays out so and none has to: number,
 * flags (2), value, worst, raw (6, the lowest first).
 */
record SmartAttribute(int id, int flags, int value, int worst, long raw) {
    static final String HEAD = "   ID  FLAGS  VALUE  WORST  RAW";
    private static final int FIRST = 2;
    private static final int BYTES = 12;
    private static final int COUNT = 30;

    /** Those that are there. */
    static List<SmartAttribute> read(byte[] data) {
        List<SmartAttribute> attributes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            int at = FIRST + i * BYTES;
            if (data[at] != 0) {
                long raw = number(data, at + 5, 6);
                int flags = (int) number(data, at + 1, 2);
                attributes.add(
                        new SmartAttribute(
                                data[at] & 0xff,
                                flags,
                                data[at + 3] & 0xff,
                                data[at + 4] & 0xff,
                                raw));
            }
        }
        return attributes;
    }

    static List<Map<String, Object>> values(byte[] data) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (SmartAttribute attribute : read(data)) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", attribute.id);
            row.put("flags", attribute.flags);
            row.put("value", attribute.value);
            row.put("worst", attribute.worst);
            row.put("raw", attribute.raw);
            rows.add(row);
        }
        return rows;
    }

    private static long number(byte[] data, int at, int bytes) {
        long number = 0;
        for (int i = bytes - 1; i >= 0; i--) {
            number = number << 8 | (data[at + i] & 0xff);
        }
        return number;
    }

    String line() {
        return String.format(Locale.ROOT, "%5d   %04x  %5d  %5d  %d", id, flags, value, worst, raw);
    }
}
