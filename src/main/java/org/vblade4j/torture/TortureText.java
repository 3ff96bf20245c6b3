// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.torture;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.vblade4j.wire.Mac;

/** A {@link TortureReport} in words and as members of a JSON object. */
public final class TortureText {
    private TortureText() {}

    /** Some lines: findings first, then the figures. */
    public static void print(
            String target, TorturePlan plan, TortureReport report, PrintWriter out) {
        for (Finding finding : report.findings()) {
            String kind = finding.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            out.printf(
                    "%s sector %d is wrong (%s): %s%n",
                    target, finding.lba(), kind, finding.what());
            finding.history().forEach(event -> out.println("  " + line(event)));
        }
        double seconds = report.elapsedNs() / 1e9;
        out.printf(
                Locale.ROOT,
                "%s: %d frames in %.1f s (%.0f/s) from %d hosts, %d answers, %d sectors read and"
                        + " checked%n",
                target,
                report.frames(),
                seconds,
                report.frames() / seconds,
                plan.stations().size(),
                report.answers(),
                report.checkedSectors());
        out.printf(
                "%d resends, %d requests unanswered, %d errors, seed %d%n",
                report.resends(), report.unanswered(), report.errors(), plan.seed());
        if (report.errors() > 0) {
            out.println("the last error: " + report.lastError());
        }
        if (!report.complete() && report.good()) {
            out.println("not every sector could be read in the end");
        }
        String range =
                "sectors " + plan.firstLba() + " to " + (plan.firstLba() + plan.sectors() - 1);
        int wrong = report.findings().size();
        out.println(wrong == 0 ? range + ": nothing wrong" : range + ": " + wrong + " wrong");
    }

    private static String line(Event event) {
        String answered =
                event.answeredNs() < 0
                        ? "no answer"
                        : String.format(Locale.ROOT, "answered %.6f s", event.answeredNs() / 1e9);
        return String.format(
                Locale.ROOT,
                "%-5s operation %d, sectors %d to %d, %s tag %08x, sent %.6f s, %s",
                event.write() ? "write" : "read",
                event.operation(),
                event.lba(),
                event.lba() + event.sectors() - 1,
                Mac.format(event.mac()),
                event.tag(),
                event.sentNs() / 1e9,
                answered);
    }

    /** What a program wants to know; the caller adds where the target is. */
    public static Map<String, Object> members(TorturePlan plan, TortureReport report) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("result", report.good() ? "nothing wrong" : "wrong data");
        members.put("seconds", report.elapsedNs() / 1e9);
        members.put("hosts", plan.stations().size());
        members.put("frames", report.frames());
        members.put("answers", report.answers());
        members.put("operations", report.operations());
        members.put("checked_sectors", report.checkedSectors());
        members.put("resends", report.resends());
        members.put("unanswered", report.unanswered());
        members.put("errors", report.errors());
        members.put("last_error", report.lastError());
        members.put("complete", report.complete());
        members.put("first_sector", plan.firstLba());
        members.put("sectors", plan.sectors());
        members.put("in_order", plan.inOrder());
        members.put("seed", plan.seed());
        members.put("wrong_sectors", report.findings().size());
        members.put("findings", report.findings().stream().map(TortureText::members).toList());
        return members;
    }

    private static Map<String, Object> members(Finding finding) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("lba", finding.lba());
        members.put("kind", finding.kind().name().toLowerCase(Locale.ROOT));
        members.put("what", finding.what());
        List<Map<String, Object>> history =
                finding.history().stream().map(TortureText::members).toList();
        members.put("history", history);
        return members;
    }

    private static Map<String, Object> members(Event event) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("operation", event.operation());
        members.put("what", event.write() ? "write" : "read");
        members.put("mac", Mac.format(event.mac()));
        members.put("tag", Integer.toUnsignedLong(event.tag()));
        members.put("lba", event.lba());
        members.put("sectors", event.sectors());
        members.put("sent_ns", event.sentNs());
        if (event.answeredNs() >= 0) {
            members.put("answered_ns", event.answeredNs());
        }
        return members;
    }
}
