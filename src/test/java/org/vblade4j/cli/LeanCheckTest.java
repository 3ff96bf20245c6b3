// SPDX-License-Identifier: Apache-2.0
package org.vblade4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.vblade4j.cli.common.Console;
import org.vblade4j.config.ConfdCorpus;
import org.vblade4j.config.ConfdRefusals;

/** A check without the parser ends as one with it, whatever stands in the files. */
class LeanCheckTest {
    private static final List<String> SETTINGS =
            List.of(
                    "",
                    "# nothing but a comment\n",
                    "vblade4j { defaults { read-only = true } }",
                    "vblade4j { overrides { x { macs = [] } } }",
                    "vblade4j { defaults { read-onyl = true }, port { spin-us = -1 } }",
                    "vblade4j {");

    @TempDir private Path directory;
    private Path confd;
    private Path settings;

    @BeforeEach
    void nameTheFiles() {
        confd = directory.resolve("confd");
        settings = directory.resolve("settings");
    }

    static Stream<String> files() {
        Stream<String> refused = ConfdRefusals.CASES.stream().map(ConfdRefusals.Case::file);
        return Stream.concat(ConfdCorpus.FILES.stream(), refused);
    }

    @ParameterizedTest
    @MethodSource("files")
    void eachFileIsReadTheSame(String text) throws IOException {
        Files.writeString(confd, text);
        for (String said : SETTINGS) {
            Files.writeString(settings, said);
            assertSame("--files-only");
        }
        assertSame();
    }

    @Test
    void theSystemIsLookedAtTheSame() throws IOException {
        Path disk = Files.write(directory.resolve("disk"), new byte[4096]);
        Files.writeString(settings, "");
        for (String line :
                List.of(
                        "1 16 lo " + disk,
                        "-o 8 1 1 lo " + disk,
                        "-l 9 1 1 lo " + disk,
                        "1 1 nosuch0 " + disk,
                        "1 1 lo " + directory,
                        "1 1 lo /dev/null",
                        "1 1 lo " + directory + "/nosuch")) {
            Files.writeString(confd, "config_a='" + line + "'\nconfig_b='2 16 lo " + disk + "'\n");
            assertSame();
        }
        Files.writeString(confd, "config_a='1 1 lo " + disk + "'\n");
        assertEquals(new Cli.Result(0, "1 export, no problem\n", ""), assertSame());
    }

    @Test
    void filesThatCannotBeReadAreToldTheSame() throws IOException {
        assertSame();
        Files.createDirectory(confd);
        assertSame();
        Files.write(settings, new byte[] {'#', (byte) 0xff});
        assertSame();
    }

    private Cli.Result assertSame(String... more) {
        List<String> words = new ArrayList<>(List.of("checkconfig", "--confd", confd.toString()));
        words.addAll(List.of("--settings", settings.toString()));
        words.addAll(List.of(more));
        Cli.Result parsed = run(LeanCheckTest::parsed, words);
        assertEquals(parsed, run(LeanCheckTest::lean, words));
        return parsed;
    }

    private interface Way {
        int run(List<String> words, Console console);
    }

    private static Cli.Result run(Way way, List<String> words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = way.run(words, new Console(new PrintWriter(out), new PrintWriter(err)));
        return new Cli.Result(status, out.toString(), err.toString());
    }

    private static int parsed(List<String> words, Console console) {
        return Programs.vblade4j(console).execute(words.toArray(new String[0]));
    }

    private static int lean(List<String> words, Console console) {
        List<String> given = new ArrayList<>(List.of("--socket", "/nonexistent/socket"));
        given.addAll(words);
        OptionalInt status = LeanCall.run(given, console);
        assertTrue(status.isPresent(), "left to the parser");
        return status.getAsInt();
    }
}
