// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of line that is refused, with what is said about it. */
final class VbladeArgsRefusalTest {
    private static final Origin ORIGIN = new Origin("f", 7);
    private static final String AT = "f:7: config_a: ";
    private static final String WORDS = "; expected [options] shelf slot interface device";
    private static final String IFNAME =
            "' cannot be a network interface's name; expected 1 to 15 bytes without blanks, '/' and ':'";
    private static final String MAC =
            "' is not an Ethernet address; expected twelve hexadecimal digits, bare or in pairs, 001122aabbcc or 00:11:22:aa:bb:cc";
    private static final String STATION =
            "' is no single station's address; expected neither a group address nor all zeros";
    private static final String BUFFERS = "; expected 2 to 65535";
    private static final String FEW =
            "' is too small for Linux, which never brings such a device up" + BUFFERS;
    private static final String SECTORS = "; expected 0 to 18014398509481983";

    private record Case(String description, String line, List<String> problems) {
        Case(String description, String line, String... problems) {
            this(description, line, List.of(problems));
        }

        @Override
        public String toString() {
            return description;
        }
    }

    private static final List<Case> CASES =
            List.of(
                    new Case("an empty line", "", AT + "nothing to export" + WORDS),
                    new Case("a word missing", "0 0 eth0", AT + "only '0 0 eth0'" + WORDS),
                    new Case(
                            "a word too many",
                            "1 2 eth0 /x y",
                            AT
                                    + "one word too many, 'y'; expected [options] shelf slot interface device, and quotes around a device with blanks"),
                    new Case(
                            "a blank in an unquoted device",
                            "1 2 eth0 /my disk",
                            AT
                                    + "one word too many, 'disk'; expected [options] shelf slot interface device, and quotes around a device with blanks"),
                    new Case("one buffer", "-b 1 1 2 eth0 /x", AT + "buffer count '1" + FEW),
                    new Case("no buffer", "-b 0 1 2 eth0 /x", AT + "buffer count '0" + FEW),
                    new Case(
                            "too many buffers",
                            "-b70000 1 2 eth0 /x",
                            AT + "buffer count '70000' is out of range" + BUFFERS),
                    new Case(
                            "junk after a number",
                            "-b 1x 1 2 eth0 /x",
                            AT + "buffer count '1x' is not a number" + BUFFERS),
                    new Case(
                            "both wildcards",
                            "65535 255 eth0 /x",
                            AT + "shelf '65535' means every shelf on the wire; expected 0 to 65534",
                            AT + "slot '255' means every slot on the wire; expected 0 to 254"),
                    new Case(
                            "numbers out of range",
                            "65536 256 eth0 /x",
                            AT + "shelf '65536' is out of range; expected 0 to 65534",
                            AT + "slot '256' is out of range; expected 0 to 254"),
                    new Case(
                            "a negative shelf",
                            "-- -1 2 eth0 /x",
                            AT + "shelf '-1' is out of range; expected 0 to 65534"),
                    new Case(
                            "words for numbers",
                            "abc xyz eth0 /x",
                            AT + "shelf 'abc' is not a number; expected 0 to 65534",
                            AT + "slot 'xyz' is not a number; expected 0 to 254"),
                    new Case(
                            "an octal slot",
                            "1 010 eth0 /x",
                            AT
                                    + "slot '010' is decimal to vblade and octal elsewhere; expected 0 to 254 without leading zeros"),
                    new Case(
                            "a shelf with a leading zero that is no octal",
                            "08 2 eth0 /x",
                            AT
                                    + "shelf '08' is decimal to vblade and octal elsewhere; expected 0 to 65534 without leading zeros"),
                    new Case(
                            "a slash in the interface",
                            "1 2 e/h0 /x",
                            AT + "interface 'e/h0" + IFNAME),
                    new Case(
                            "an interface of 16 bytes",
                            "1 2 eth0123456789012 /x",
                            AT + "interface 'eth0123456789012" + IFNAME),
                    new Case(
                            "an interface of 16 bytes in 8 letters",
                            "1 2 éééééééé /x",
                            AT + "interface 'éééééééé" + IFNAME),
                    new Case(
                            "an alias of an interface",
                            "1 2 eth0:1 /x",
                            AT + "interface 'eth0:1" + IFNAME),
                    new Case(
                            "a blank in the interface",
                            "1 2 'eth 0' /x",
                            AT + "interface 'eth 0" + IFNAME),
                    new Case("no interface", "1 2 '' /x", AT + "interface '" + IFNAME),
                    new Case(
                            "a directory as interface", "1 2 .. /x", AT + "interface '.." + IFNAME),
                    new Case(
                            "no device",
                            "1 2 eth0 ''",
                            AT + "the device is empty; expected a file or block device"),
                    new Case(
                            "a relative device",
                            "1 2 eth0 disk.img",
                            AT
                                    + "device 'disk.img' is relative; expected a path from the root, /..."),
                    new Case(
                            "control characters in the device",
                            "1 2 eth0 '/x\r\n\u007f\u0085'",
                            AT
                                    + "device '/x????' holds a control character (?);"
                                    + " expected a name without any"),
                    new Case("a number as MAC", "-m 0 1 2 eth0 /x", AT + "MAC '0" + MAC),
                    new Case(
                            "a MAC that is not hexadecimal",
                            "-m zzzzzzzzzzzz 1 2 eth0 /x",
                            AT + "MAC 'zzzzzzzzzzzz" + MAC),
                    new Case(
                            "a MAC with something behind it",
                            "-m 00:11:22:33:44:55x 1 2 eth0 /x",
                            AT + "MAC '00:11:22:33:44:55x" + MAC),
                    new Case(
                            "one bad MAC among good ones",
                            "-m 001122334455,x,001122334466 1 2 eth0 /x",
                            AT + "MAC 'x" + MAC),
                    new Case("an empty entry", "-m 001122334455, 1 2 eth0 /x", AT + "MAC '" + MAC),
                    new Case("an empty list", "-m '' 1 2 eth0 /x", AT + "MAC '" + MAC),
                    new Case(
                            "the broadcast address",
                            "-m ff:ff:ff:ff:ff:ff 1 2 eth0 /x",
                            AT + "MAC 'ff:ff:ff:ff:ff:ff" + STATION),
                    new Case(
                            "the zero address",
                            "-m 000000000000 1 2 eth0 /x",
                            AT + "MAC '000000000000" + STATION),
                    new Case(
                            "a multicast address",
                            "-m 01:00:5e:00:00:01 1 2 eth0 /x",
                            AT + "MAC '01:00:5e:00:00:01" + STATION),
                    new Case(
                            "an unknown option",
                            "-x 1 2 eth0 /x",
                            AT + "unknown option '-x'; expected -b -d -s -r -m -o -l"),
                    new Case(
                            "an unknown option in a cluster",
                            "-dxs 1 2 eth0 /x",
                            AT + "unknown option '-x' in '-dxs'; expected -b -d -s -r -m -o -l"),
                    new Case(
                            "a long option",
                            "--help",
                            AT + "unknown option '--help'; expected -b -d -s -r -m -o -l"),
                    new Case(
                            "an option without its argument",
                            "1 2 eth0 /x -b",
                            AT + "-b is the last word; expected bufcnt behind it"),
                    new Case(
                            "a negative offset",
                            "-o -1 1 2 eth0 /x",
                            AT + "offset '-1' is out of range" + SECTORS),
                    new Case(
                            "a length beyond all numbers",
                            "-l 99999999999999999999 1 2 eth0 /x",
                            AT + "length '99999999999999999999' is out of range" + SECTORS),
                    new Case(
                            "an octal number that is none",
                            "-o 010 -l 08 1 2 eth0 /x",
                            AT + "length '08' is not a number" + SECTORS),
                    new Case(
                            "an end beyond all numbers",
                            "-o 0x20000000000000 -l 0x20000000000000 1 2 eth0 /x",
                            AT
                                    + "offset 9007199254740992 plus length 9007199254740992 is out of range; expected a sum of at most 18014398509481983"),
                    new Case(
                            "a quote without its partner",
                            "1 2 eth0 '/x",
                            AT + "the quote that begins '/x is never closed"),
                    new Case(
                            "text behind a quote",
                            "1 2 eth0 '/x'y",
                            AT + "text right after the closing quote of '/x'; expected a blank"),
                    new Case(
                            "mistakes in every part",
                            "-b 1 -m 0 65535 x e/h x",
                            AT + "buffer count '1" + FEW,
                            AT + "MAC '0" + MAC,
                            AT + "shelf '65535' means every shelf on the wire; expected 0 to 65534",
                            AT + "slot 'x' is not a number; expected 0 to 254",
                            AT + "interface 'e/h" + IFNAME,
                            AT + "device 'x' is relative; expected a path from the root, /..."));

    static Stream<Case> cases() {
        return CASES.stream();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBadLineIsRefusedWithEveryReason(Case bad) {
        ConfigException e =
                assertThrows(
                        ConfigException.class,
                        () -> VbladeArgs.parseLine("a", bad.line, ExportOptions.DEFAULTS, ORIGIN));
        assertEquals(bad.problems, e.problems().stream().map(Problem::toString).toList());
    }
}
