// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/** What became of the questions on one path. */
final class PingStatistics {
    private static final int DIGITS = 3;
    private static final double[] PERCENTILES = {50, 90, 99};

    private final Histogram timesNs = new Histogram(DIGITS);
    private long sent;
    private long sumNs;
    private long minNs = Long.MAX_VALUE;
    private long maxNs;
    private int duplicates;

    /** One question more, and how long its answer took. */
    void add(Optional<Long> roundTripNs) {
        sent++;
        if (roundTripNs.isPresent()) {
            long timeNs = roundTripNs.get();
            timesNs.recordValue(timeNs);
            sumNs += timeNs;
            minNs = Math.min(minNs, timeNs);
            maxNs = Math.max(maxNs, timeNs);
        }
    }

    void duplicates(int count) {
        duplicates = count;
    }

    long sent() {
        return sent;
    }

    long answered() {
        return timesNs.getTotalCount();
    }

    private double lossPercent() {
        return sent == 0 ? 0 : 100.0 * (sent - answered()) / sent;
    }

    static String ms(long timeNs) {
        return String.format(Locale.ROOT, "%.3f", timeNs / 1e6);
    }

    List<String> lines() {
        String again = duplicates == 0 ? "" : ", " + duplicates + " duplicates";
        String counts =
                String.format(
                        Locale.ROOT,
                        "%d sent, %d answered%s, %.1f%% lost",
                        sent,
                        answered(),
                        again,
                        lossPercent());
        if (answered() == 0) {
            return List.of(counts);
        }
        StringBuilder times = new StringBuilder("round trip min/avg/max = ");
        times.append(ms(minNs)).append('/').append(ms(sumNs / answered())).append('/');
        times.append(ms(maxNs)).append(" ms, p50/p90/p99 = ");
        for (int i = 0; i < PERCENTILES.length; i++) {
            times.append(i == 0 ? "" : "/")
                    .append(ms(timesNs.getValueAtPercentile(PERCENTILES[i])));
        }
        return List.of(counts, times.append(" ms").toString());
    }

    Map<String, Object> values() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("sent", sent);
        row.put("answered", answered());
        row.put("duplicates", duplicates);
        row.put("loss_percent", lossPercent());
        if (answered() > 0) {
            row.put("min_ns", minNs);
            row.put("avg_ns", sumNs / answered());
            row.put("max_ns", maxNs);
            for (double percentile : PERCENTILES) {
                row.put("p" + (int) percentile + "_ns", timesNs.getValueAtPercentile(percentile));
            }
        }
        return row;
    }
}
