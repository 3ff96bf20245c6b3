// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.cli.common.Console;
import picocli.CommandLine;

/** Help, versions and wrong command lines of every program. */
class UsageTest {
    /** Every program, and every command of every program. */
    static Stream<String> commands() {
        List<String> commands = new ArrayList<>();
        GeneratedFilesTest.programs()
                .forEach(
                        program -> {
                            commands.add(program.getCommandName());
                            for (CommandLine sub : program.getSubcommands().values()) {
                                commands.add(program.getCommandName() + " " + sub.getCommandName());
                            }
                        });
        return commands.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpGoesToStdoutAndNamesEveryExitStatus(String command) {
        Cli.Result result = Cli.run((command + " --help").split(" "));

        assertEquals(0, result.status());
        assertEquals("", result.err());
        assertTrue(result.out().startsWith("Usage: " + command), result.out());
        assertTrue(result.out().contains("--version"), result.out());
        assertTrue(result.out().contains("Exit status:"), result.out());
        assertEquals(
                command.startsWith("vblade4j"),
                result.out().contains("7   No supervisor answers at the socket."));
        assertFalse(result.out().contains("${"), result.out());
        assertTrue(result.out().lines().allMatch(line -> line.length() <= 90), result.out());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void versionIsTheBuilds(String command) {
        Cli.Result result = Cli.run((command + " --version").split(" "));

        assertEquals(0, result.status());
        assertTrue(result.out().matches("vblade4j \\d+\\.\\d+\\.\\d+\\S*\n"), result.out());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "vblade4j | which command?",
                "vblade4j statsu | unknown word 'statsu', did you mean 'status'?",
                "vblade4j lst | unknown word 'lst', did you mean 'list'?",
                "vblade4j ping --sokcet x | unknown option '--sokcet', did you mean '--socket'?",
                "vblade4j frobnicate | unknown word 'frobnicate'",
                "vblade4j ping now | unknown word 'now'",
                "vblade4j --confd x | unknown option '--confd'",
                "vblade4j ping --socket | missing required parameter for option '--socket' (PATH)",
                "vblade4j checkconfig --line x | --line goes with exactly one name",
                "vblade4j shutdown --timeout x | invalid value for option '--timeout': 'x' is not a"
                        + " long",
                "aoe | which command?",
                "aoe config -i lo set e1.1 | set needs a string",
                "aoe config e1.1 read | 'e1.1', expected read/test/prefix/set/force-set",
                "aoe stat --port wifi | --port 'wifi', expected ring/pcap",
                "aoe stat [ | invalid value for positional parameter at index 0 (REGEX): '[' is no"
                        + " regular expression: Unclosed character class",
                "aoe mask -i lo add e1.1 | add needs an address",
                "aoe mask -i lo add e1.1 03:00:00:00:00:01 | '03:00:00:00:00:01' is no station's address,"
                        + " expected one such as 02:0a:0b:0c:0d:0e",
                "aoe reserve -i lo show e1.1 02:00:00:00:00:01 | show takes no address",
                "aoe smart -i lo log e1.1 | log needs a number",
                "aoe ping -i lo --count -1 e1.1 | --count -1, expected 0 or more",
                "aoe discover -i lo --timeout 0 | --timeout 0.0, expected 0 to 3600 s",
                "aoe verify -i lo | missing required parameter: 'eSHELF.SLOT'",
                "aoe verify -i lo e1.255 | invalid value for positional parameter at index 0"
                        + " (eSHELF.SLOT): 'e1.255' is no address, expected eSHELF.SLOT such as"
                        + " e1.0",
                "aoe verify -i lo e1.1 --depth 0 | --depth 0, expected 1 to 256",
                "aoe verify -i lo e1.1 --write --compare x | --write or --compare, not both",
                "aoe cat -i lo e1.1 --timeout 0 | --timeout 0, expected 1 to 86400",
                "aoe dd -i lo a b | neither a nor b is a target, see aoe(8)",
                "aoe dd -i lo e1.1 e1.1 | source and destination are the same target",
                "aoe dd -i lo e1.1 x --state s --resume-at 1 | --state knows where to go on; leave"
                        + " out --resume-at",
                "aoe dd -i lo e1.1 - --state s | --state cannot know what becomes of standard"
                        + " output",
                "aoe dd -i lo e1.1 x --skip 1x | invalid value for option '--skip': '1x' is no"
                        + " size: expected sectors such as 2048, or bytes such as 1M or 512B",
                "aoe dd -i lo e1.1 x --seek 100B | invalid value for option '--seek': '100B' is no"
                        + " size: expected a multiple of 512 bytes",
            })
    void aWrongCommandLineIsExplained(String words, String explained) {
        Cli.Result result = Cli.run(words.split(" "));

        String program = words.split(" ")[0];
        assertEquals(2, result.status());
        assertEquals("", result.out());
        String[] lines = result.err().split("\n");
        assertEquals(program + ": " + explained, lines[0]);
        assertTrue(lines[1].matches(program + ": try '" + program + ".* --help'"), lines[1]);
        assertEquals(2, lines.length, result.err());
    }

    @Test
    void oneOfSeveralThatIsMissingIsNamed() {
        aWrongCommandLineIsExplained(
                "aoe watch",
                "missing required argument (specify one of these): (-i=INTERFACE | --read=FILE)");
    }

    @ParameterizedTest(name = "vblade {0}")
    @CsvSource({
        "-z 1 1 eth0 x",
        "1 1 eth0",
        "65535 1 eth0 x",
        "1 255 eth0 x",
        "-m zz 1 1 eth0 x",
    })
    void vbladeRefusesWhatItDoesNotUnderstand(String words) {
        for (String program : List.of("vblade", "vbladed")) {
            Cli.Result result = Cli.run((program + " " + words).split(" "));

            assertEquals(2, result.status(), result.err());
            assertEquals("", result.out());
            assertTrue(result.err().startsWith(program + ": "), result.err());
            assertTrue(result.err().endsWith(program + ": try '" + program + " --help'\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({"'', ''", "vblad, 1"})
    void anUnknownProgramIsRefused(String program, String more) {
        assertEquals(2, Cli.run(program, more).status());
    }

    @Test
    void vbladeWarnsOfAnAddressThatLinuxIgnores() {
        Cli.Result result = Cli.run("vblade", "4095", "1", "nosuch0", "/dev/null");
        assertEquals(1, result.status());
        assertTrue(
                result.err()
                        .startsWith(
                                "vblade: warning: the Linux driver ignores targets on shelf 4095\n"),
                result.err());
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithTheReason() {
        StringWriter err = new StringWriter();
        Console console = new Console(new PrintWriter(err), new PrintWriter(err));
        assertEquals(
                1, LeanCall.failed(new AccessDeniedException("/run/lock"), "vblade4j", console));
        assertEquals("vblade4j: /run/lock: permission denied\n", err.toString());
    }
}
