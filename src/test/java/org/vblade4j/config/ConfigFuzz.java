// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.vblade4j.wire.Mac;

/** Texts that a fuzzer makes up, for what reads one text: conf.d files, lines and lists. */
public final class ConfigFuzz {
    private static final Origin HERE = new Origin("fuzz", 1);

    private ConfigFuzz() {}

    /** Called by the fuzzer: the first byte chooses what the rest is for. */
    public static void fuzzerTestOneInput(byte[] data) throws ConfigException {
        if (data.length == 0) {
            return;
        }
        String text = new String(data, 1, data.length - 1, StandardCharsets.UTF_8);
        switch (data[0]) {
            case 'c' -> anyConfdFileIsReadOrRefusedWithALine(text);
            case 'l' -> anyLineIsAnExportOrRefused(text);
            case 'm' -> anyListOfStationsIsTakenWholeOrRefused(text);
            default -> {}
        }
    }

    /** Whatever a file says, it is read to its end, and what was read means itself when written. */
    private static void anyConfdFileIsReadOrRefusedWithALine(String text) throws ConfigException {
        ConfdFile file = ConfdParser.parse("fuzz", text);
        long lines = 1 + text.chars().filter(c -> c == '\n').count();
        for (Problem problem : file.problems()) {
            int line = problem.origin().line();
            assertTrue(line >= 0 && line <= lines, () -> line + " of " + lines + " lines");
            assertFalse(problem.message().isEmpty());
        }
        StringBuilder quoted = new StringBuilder();
        for (ConfdFile.Assignment assignment : file.assignments()) {
            assertTrue(assignment.name().matches("[A-Za-z_][A-Za-z0-9_]*"), assignment.name());
            quoted.append(assignment.name()).append("='");
            quoted.append(assignment.value().replace("'", "'\\''")).append("'\n");
        }
        ConfdFile again = ConfdParser.parse("fuzz", quoted.toString());
        assertEquals(values(file), values(again));
        assertEquals(List.of(), again.problems());
    }

    private static List<String> values(ConfdFile file) {
        return file.assignments().stream().map(one -> one.name() + "=" + one.value()).toList();
    }

    /**
     * A line that is accepted can be written as a line and as an assignment, and means the same.
     */
    private static void anyLineIsAnExportOrRefused(String line) throws ConfigException {
        ExportSpec spec;
        try {
            spec = VbladeArgs.parseLine("disk", line, ExportOptions.DEFAULTS, HERE);
        } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
            return;
        }
        String written = VbladeArgs.toLine(spec);
        assertTrue(spec.sameAs(parse(written)), () -> written);
        String assignment = VbladeArgs.toAssignment(spec);
        ConfdFile file = ConfdParser.parse("fuzz", assignment);
        assertEquals(List.of(), file.problems(), assignment);
        assertTrue(spec.sameAs(parse(file.assignments().get(0).value())), assignment);
    }

    private static ExportSpec parse(String line) throws ConfigException {
        return VbladeArgs.parseLine("disk", line, ExportOptions.DEFAULTS, HERE);
    }

    /** A list of stations is taken whole or not at all: a mistyped one never opens a disk. */
    private static void anyListOfStationsIsTakenWholeOrRefused(String list) {
        List<OptionalLong> stations = Arrays.stream(list.split(",", -1)).map(Mac::parse).toList();
        boolean good =
                stations.stream()
                        .allMatch(one -> one.isPresent() && Mac.isUnicast(one.getAsLong()));
        List<Long> distinct =
                stations.stream().flatMapToLong(OptionalLong::stream).boxed().distinct().toList();
        try {
            List<String> words = List.of("-m", list, "0", "1", "eth0", "/dev/sdb");
            ExportSpec spec = VbladeArgs.parse(words, "disk", ExportOptions.DEFAULTS, HERE);
            assertTrue(good, list);
            assertEquals(distinct, spec.options().allowedMacs());
            for (long mac : distinct) {
                assertEquals(OptionalLong.of(mac), Mac.parse(Mac.format(mac)));
            }
        } catch (ConfigException e) {
            assertTrue(!good || distinct.size() > 255, () -> list + ": " + e.getMessage());
        }
    }
}
