// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.transfer;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.vblade4j.copy.CopyReport;
import org.vblade4j.text.Printable;

/**
 * What came of a copy, in words and as JSON.
 *
 * @param source its name
 * @param destination its name
 * @param startBytes where it was taken up
 * @param resends frames that had to be sent again
 */
record CopyResult(
        String source, String destination, long startBytes, CopyReport report, long resends) {

    /** One line: {@code a -> b: 256 MiB in 0.31 s, 826 MiB/s}. */
    String line() {
        String again = resends == 0 ? "" : ", " + resends + " frames sent again";
        return Printable.text(source + " -> " + destination) + ": " + moved() + again;
    }

    /** {@code 268435456 bytes (256 MiB) in 0.31 s, 826 MiB/s}. */
    String moved() {
        long bytes = report.storedBytes() - startBytes;
        return String.format(
                Locale.ROOT,
                "%d bytes (%s) in %.2f s, %s/s",
                bytes,
                ByteSize.text(bytes),
                seconds(),
                ByteSize.text(rate()));
    }

    private double seconds() {
        return Math.max(1, report.timeNs()) / 1e9;
    }

    private double rate() {
        return (report.storedBytes() - startBytes) / seconds();
    }

    Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("source", source);
        values.put("destination", destination);
        values.put("result", result());
        values.put("start_bytes", startBytes);
        values.put("stored_bytes", report.storedBytes());
        values.put("durable_bytes", report.durableBytes());
        values.put("hole_bytes", report.holeBytes());
        values.put("seconds", seconds());
        values.put("bytes_per_second", Math.round(rate()));
        values.put("resent_frames", resends);
        if (report.failure() != null) {
            values.put("reason", report.failure());
        }
        return values;
    }

    private String result() {
        if (report.failure() != null) {
            return "failed";
        }
        return report.interrupted() ? "interrupted" : "done";
    }

    static String json(Map<String, Object> values) {
        return Printable.text(
                ConfigValueFactory.fromMap(values).render(ConfigRenderOptions.concise()));
    }
}
