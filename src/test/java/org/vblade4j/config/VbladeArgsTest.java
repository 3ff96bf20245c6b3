// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.wire.AoeAddress;
import org.vblade4j.wire.Mac;

final class VbladeArgsTest {
    private static final Origin ORIGIN = new Origin("f", 7);
    private static final long MAC_A = 0x0011_2233_4455L;
    private static final long MAC_B = 0x02ab_cdef_0102L;

    private record Case(String description, String line, ExportOptions options) {
        @Override
        public String toString() {
            return description;
        }
    }

    static Stream<Case> lines() {
        return Stream.of(
                new Case("no options", "1 2 eth0 /x", ExportOptions.DEFAULTS),
                new Case("a cluster", "-dsr 1 2 eth0 /x", options(64, "dsr", List.of(), 0, 0)),
                new Case("options last", "1 2 eth0 /x -d -r", options(64, "dr", List.of(), 0, 0)),
                new Case("in between", "1 -s 2 -b 3 eth0 /x", options(3, "s", List.of(), 0, 0)),
                new Case("attached", "-b16 -o8 1 2 eth0 /x", options(16, "", List.of(), 8, 0)),
                new Case(
                        "cluster, argument", "-rb 9 1 2 eth0 /x", options(9, "r", List.of(), 0, 0)),
                new Case("end of options", "-d -- 1 2 eth0 /x", options(64, "d", List.of(), 0, 0)),
                new Case("last -b wins", "-b 5 -b 6 1 2 eth0 /x", options(6, "", List.of(), 0, 0)),
                new Case("base 0", "-o 0x10 -l 010 1 2 eth0 /x", options(64, "", List.of(), 16, 8)),
                new Case("hexadecimal", "-b 0xFF 0x1 2 eth0 /x", options(255, "", List.of(), 0, 0)),
                new Case("zeros that matter not", "01 002 eth0 /x", ExportOptions.DEFAULTS),
                new Case(
                        "-m adds up, and repeated addresses count once",
                        "-m 001122334455,02:AB:CD:EF:01:02 1 2 eth0 /x -m 00-11-22-33-44-55",
                        options(64, "", List.of(MAC_A, MAC_B), 0, 0)),
                new Case("blanks of all kinds", "\n 1\t\t2  eth0\n/x ", ExportOptions.DEFAULTS),
                new Case("quoted words", "'1' \"2\" 'eth0' \"/x\"", ExportOptions.DEFAULTS));
    }

    private static ExportOptions options(
            int bufferCount, String flags, List<Long> macs, long offset, long length) {
        return new ExportOptions(
                bufferCount,
                flags.contains("d"),
                flags.contains("s"),
                flags.contains("r"),
                macs,
                offset,
                length);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void aLineIsReadAsGetoptWould(Case good) throws ConfigException {
        ExportSpec expected =
                new ExportSpec(
                        "a", new AoeAddress(1, 2), "eth0", Path.of("/x"), good.options, ORIGIN);
        assertEquals(expected, parse(good.line, ExportOptions.DEFAULTS));
    }

    private static ExportSpec parse(String line, ExportOptions defaults) throws ConfigException {
        return VbladeArgs.parseLine("a", line, defaults, ORIGIN);
    }

    private record Device(String line, String device) {}

    static Stream<Device> devices() {
        return Stream.of(
                new Device("'/srv/my disk'", "/srv/my disk"),
                new Device("\"/it's \\\"my\\\" \\\\disk\\n\"", "/it's \"my\" \\disk\\n"),
                new Device("/it's", "/it's"),
                new Device("/a\\b\"c", "/a\\b\"c"),
                new Device("/$HOME/*", "/$HOME/*"));
    }

    @ParameterizedTest
    @MethodSource("devices")
    void aWordThatBeginsWithAQuoteEndsWithIt(Device device) throws ConfigException {
        ExportSpec spec = parse("1 2 eth0 " + device.line, ExportOptions.DEFAULTS);
        assertEquals(Path.of(device.device), spec.device());
    }

    @Test
    void theHighestAddressesAreAccepted() throws ConfigException {
        ExportSpec spec = parse("65534 254 eth0 /x", ExportOptions.DEFAULTS);
        assertEquals(new AoeAddress(65534, 254), spec.address());
    }

    @Test
    void whatALineDoesNotSayComesFromTheDefaults() throws ConfigException {
        ExportOptions defaults = options(7, "ds", List.of(MAC_A), 5, 6);
        assertEquals(defaults, parse("1 2 eth0 /x", defaults).options());
        assertEquals(
                options(8, "dsr", List.of(MAC_B), 9, 10),
                parse("-b 8 -r -m 02abcdef0102 -o 9 -l 10 1 2 eth0 /x", defaults).options());
    }

    @Test
    void aCommandLineMayNameARelativeDevice() throws ConfigException {
        ExportSpec spec =
                VbladeArgs.parse(
                        List.of("1", "2", "eth0", "my disk"), "a", ExportOptions.DEFAULTS, ORIGIN);
        assertEquals(Path.of("my disk"), spec.device());
    }

    @Test
    void aListOf4096MacsIsAcceptedAndALongerOneRefused() throws ConfigException {
        assertEquals(
                4096, parse(macLine(4096), ExportOptions.DEFAULTS).options().allowedMacs().size());
        ConfigException e =
                assertThrows(
                        ConfigException.class, () -> parse(macLine(4097), ExportOptions.DEFAULTS));
        assertEquals(
                "f:7: config_a: 4097 MACs are too many; expected at most 4096", e.getMessage());
    }

    private static String macLine(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Mac.format(MAC_A + i))
                .collect(Collectors.joining(",", "-m ", " 1 2 eth0 /x"));
    }

    @Test
    void aShelfThatLinuxIgnoresAndHighSlotsAreWarnedAbout() throws ConfigException {
        ExportSpec spec = parse("4095 16 eth0 /x", ExportOptions.DEFAULTS);
        assertEquals(
                List.of(
                        "f:7: a: the Linux driver ignores targets on shelf 4095",
                        "f:7: a: old Linux drivers see slots 0 to 15 only, not slot 16"),
                ExportRules.warnings(spec).stream().map(Problem::toString).toList());
        assertEquals(
                List.of(), ExportRules.warnings(parse("4094 15 eth0 /x", ExportOptions.DEFAULTS)));
    }
}
