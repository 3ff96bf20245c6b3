// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli.aoe;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.vblade4j.cli.common.ExitStatus;
import org.vblade4j.initiator.DiskPath;
import org.vblade4j.initiator.Initiator;
import org.vblade4j.wire.Aoe;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "stat",
        description = {
            "Print the targets that answer in the columns of aoe-stat: device, size, interfaces,"
                    + " bytes of data a frame, state.",
            "The state is down where a target answers, but not to IDENTIFY."
                    + " Exit status 1 when no line is printed."
        })
final class StatCommand extends AoeTool {
    private static final long IDENTIFY_NS = TimeUnit.SECONDS.toNanos(1);

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = "How long to listen for targets; default ${DEFAULT-VALUE}.")
    private double timeoutSeconds;

    @Parameters(
            arity = "0..1",
            paramLabel = "REGEX",
            converter = RegexConverter.class,
            description = "Print only lines in which this regular expression is found.")
    private Pattern regex;

    /** picocli's own answers a broken expression with three lines. */
    private static final class RegexConverter implements ITypeConverter<Pattern> {
        @Override
        public Pattern convert(String text) {
            try {
                return Pattern.compile(text);
            } catch (PatternSyntaxException e) {
                throw new TypeConversionException(
                        "'" + text + "' is no regular expression: " + e.getDescription());
            }
        }
    }

    private record Row(AoeAddress address, List<DiskPath> paths, long sectors) {
        boolean up() {
            return sectors >= 0;
        }

        String size() {
            long thousandths = sectors * Aoe.SECTOR_BYTES / 1_000_000;
            return up()
                    ? thousandths / 1000 + String.format(".%03dGB", thousandths % 1000)
                    : "(NA)";
        }

        List<String> interfaces() {
            return new ArrayList<>(
                    paths.stream()
                            .map(DiskPath::interfaceName)
                            .collect(Collectors.toCollection(TreeSet::new)));
        }

        int payloadBytes() {
            return Aoe.SECTOR_BYTES
                    * paths.stream().mapToInt(StatCommand::sectorsPerFrame).min().orElse(0);
        }

        /** As aoe-stat pads it. */
        String line() {
            return String.format(
                    "%10s %15s %10s %-5s %-14s",
                    address,
                    size(),
                    String.join(",", interfaces()),
                    payloadBytes(),
                    up() ? "up" : "down");
        }

        Map<String, Object> object() {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("device", address.toString());
            if (up()) {
                row.put("sectors", sectors);
            }
            row.put("interfaces", interfaces());
            row.put(
                    "macs",
                    paths.stream().map(p -> Mac.format(p.target().mac())).distinct().toList());
            row.put("payload", payloadBytes());
            row.put("state", up() ? "up" : "down");
            return row;
        }
    }

    @Override
    void checkUsage() {
        nanoseconds("--timeout", timeoutSeconds);
    }

    @Override
    ExitStatus run(Initiator initiator) throws IOException {
        List<Row> rows = rows(initiator);
        rows.removeIf(row -> regex != null && !regex.matcher(row.line()).find());
        for (Row row : rows) {
            if (json()) {
                printJson(row.object());
            } else {
                out().println(row.line());
            }
        }
        tellOfLeftOut(initiator);
        return rows.isEmpty() ? ExitStatus.REFUSED : ExitStatus.OK;
    }

    /** All are asked at once, for as long as was listened for them, or a second. */
    private List<Row> rows(Initiator initiator) throws IOException {
        long timeoutNs = nanoseconds("--timeout", timeoutSeconds);
        List<DiskPath> found = initiator.discover(timeoutNs);
        long[] sizes = initiator.sizes(found, Math.max(timeoutNs, IDENTIFY_NS));
        Map<AoeAddress, List<DiskPath>> targets = new TreeMap<>();
        Map<AoeAddress, Long> sectors = new HashMap<>();
        for (int i = 0; i < sizes.length; i++) {
            AoeAddress address = found.get(i).target().address();
            targets.computeIfAbsent(address, any -> new ArrayList<>(1)).add(found.get(i));
            // The first answer counts: another station may be silent, or have another disk.
            sectors.merge(address, sizes[i], (first, next) -> first < 0 ? next : first);
        }
        List<Row> rows = new ArrayList<>();
        targets.forEach(
                (address, paths) -> rows.add(new Row(address, paths, sectors.get(address))));
        rows.sort(Comparator.comparing(Row::line)); // as sort(1) does, in aoe-stat's pipe
        return rows;
    }

    private static int sectorsPerFrame(DiskPath path) {
        int fits = Aoe.sectorsPerFrame(path.port().mtuBytes());
        return Math.max(1, Math.min(path.target().maxSectors(), fits));
    }
}
