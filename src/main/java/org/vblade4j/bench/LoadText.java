// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.bench;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** A report for people, and for programs. */
public final class LoadText {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9};
    private static final double NS_PER_US = 1e3;

    private LoadText() {}

    /** A few lines; latencies in microseconds. */
    public static void print(LoadPlan plan, LoadReport report, PrintWriter out) {
        out.printf(
                Locale.ROOT,
                "%s, %d sectors (%d bytes) a request, depth %d, %.1f s measured, seed %d%n",
                what(plan),
                plan.sectors(),
                plan.sectors() * 512,
                plan.depth(),
                report.elapsedNs() / 1e9,
                plan.seed());
        out.printf(
                Locale.ROOT,
                "%.0f IOPS, %.1f MB/s%n",
                report.perSecond(),
                report.megabytesPerSecond());
        if (report.reads() > 0) {
            out.println("read latency   " + latencies(report.readNs()));
        }
        if (report.writes() > 0) {
            out.println("write latency  " + latencies(report.writeNs()));
        }
        out.printf(
                Locale.ROOT,
                "%d resends, %d errors, %d unanswered%n",
                report.resends(),
                report.errors(),
                report.lost());
        if (plan.verify()) {
            out.printf(
                    Locale.ROOT,
                    "%d reads compared, %d differ%n",
                    report.verifiedBlocks(),
                    report.badBlocks());
        }
    }

    private static String what(LoadPlan plan) {
        String place = plan.sequential() ? "sequential " : "random ";
        return switch (plan.readPercent()) {
            case 100 -> place + "reads";
            case 0 -> place + "writes";
            default -> place + plan.readPercent() + " % reads, the rest writes";
        };
    }

    private static String latencies(Histogram histogram) {
        StringBuilder text = new StringBuilder("us: min ").append(us(histogram.getMinValue()));
        for (double percentile : PERCENTILES) {
            text.append(", p").append(name(percentile)).append(' ');
            text.append(us(histogram.getValueAtPercentile(percentile)));
        }
        return text.append(", max ").append(us(histogram.getMaxValue())).toString();
    }

    private static String us(long valueNs) {
        return String.format(Locale.ROOT, "%.1f", valueNs / NS_PER_US);
    }

    private static String name(double percentile) {
        return percentile == Math.rint(percentile)
                ? Integer.toString((int) percentile)
                : Double.toString(percentile);
    }

    /** What {@code --json} prints: plan and report in one object; latencies in nanoseconds. */
    public static Map<String, Object> members(LoadPlan plan, LoadReport report) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("read_percent", plan.readPercent());
        members.put("pattern", plan.sequential() ? "sequential" : "random");
        members.put("sectors", plan.sectors());
        members.put("depth", plan.depth());
        members.put("seed", plan.seed());
        members.put("seconds", report.elapsedNs() / 1e9);
        members.put("reads", report.reads());
        members.put("writes", report.writes());
        members.put("answered", report.answered());
        members.put("iops", report.perSecond());
        members.put("mb_per_s", report.megabytesPerSecond());
        putLatencies(members, "", report.latencyNs());
        putLatencies(members, "read_", report.readNs());
        putLatencies(members, "write_", report.writeNs());
        members.put("resends", report.resends());
        members.put("errors", report.errors());
        members.put("unanswered", report.lost());
        members.put("verified", report.verifiedBlocks());
        members.put("bad", report.badBlocks());
        return members;
    }

    private static void putLatencies(
            Map<String, Object> members, String prefix, Histogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return;
        }
        members.put(prefix + "min_ns", histogram.getMinValue());
        for (double percentile : PERCENTILES) {
            members.put(
                    prefix + "p" + name(percentile).replace('.', '_') + "_ns",
                    histogram.getValueAtPercentile(percentile));
        }
        members.put(prefix + "max_ns", histogram.getMaxValue());
        members.put(prefix + "mean_ns", histogram.getMean());
    }
}
